namespace LocalRegistry.Benchmarks.Clients;

/// <summary>Takes a block of content.</summary>
internal delegate void WriteBlock(ReadOnlySpan<byte> block);
