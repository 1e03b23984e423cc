namespace LocalRegistry.Benchmarks;

/// <summary>What one start of a registry showed.</summary>
/// <param name="Ready">From the start of the process to the first 200 on <c>/v2/</c>, in milliseconds.</param>
/// <param name="Idle">Its memory right then.</param>
/// <param name="AfterS3">Its memory after a first request that went to S3.</param>
internal sealed record Sample(double Ready, ProcessMemory Idle, ProcessMemory AfterS3);
