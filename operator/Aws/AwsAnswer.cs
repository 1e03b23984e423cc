namespace LocalRegistry.Operator.Aws;

/// <summary>What one read-only call gave: a value, or why there is none.</summary>
/// <param name="Value">What was read; null if there is nothing.</param>
/// <param name="Failure">Why there is nothing; null if there is.</param>
internal sealed record AwsAnswer<T>(T? Value, AwsFailure? Failure)
    where T : class
{
    /// <summary>Whether the store answered that nothing of the kind is there.</summary>
    public bool IsAbsent => Failure is { Kind: AwsFailureKind.Absent };

    public static AwsAnswer<T> Of(T value) => new(value, null);

    public static AwsAnswer<T> Failed(AwsFailure failure) => new(null, failure);

    public static AwsAnswer<T> Absent(string message) => new(null, new AwsFailure(AwsFailureKind.Absent, message));
}
