namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>How a request without an answer is counted, in the place of an HTTP status.</summary>
internal static class AwsCallCodes
{
    /// <summary>The answer did not come, or not whole, in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The connection could not be made, or broke.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Whoever asked gave up waiting.</summary>
    public const string Canceled = "canceled";
}
