namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>How much the operator may ask of AWS, all resources and services together.</summary>
/// <param name="RequestsPerSecond">How many requests it makes in the long run.</param>
internal sealed record AwsLimits(int RequestsPerSecond = AwsLimits.DefaultRequestsPerSecond)
{
    public const int DefaultRequestsPerSecond = 10;

    /// <summary>More than any service but S3 allows an account.</summary>
    public const int MostRequestsPerSecond = 1000;

    // A resource's checks are about twenty requests in a row: a new one or two need not wait.
    private const int SecondsSaved = 4;

    /// <summary>How many requests may be made at once after a quiet time.</summary>
    public int Burst => RequestsPerSecond * SecondsSaved;

    /// <summary>How many requests may be under way at the same time.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How many requests may wait for their turn; more are refused.</summary>
    public int Queue => RequestsPerSecond * (int)Wait.TotalSeconds;

    /// <summary>How long a request may wait for its turn.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request may take once it is sent, its answer read to the end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
