namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>What a request to AWS asks for.</summary>
/// <param name="Service">The service, as the SDK names it: <c>S3</c>, <c>STS</c>, <c>KMS</c>, <c>IAM</c>.</param>
/// <param name="Name">The operation, as AWS names it: <c>GetBucketEncryption</c>.</param>
internal sealed record AwsOperation(string Service, string Name)
{
    /// <summary>What a request that does not go through the SDK says of itself.</summary>
    public static readonly HttpRequestOptionsKey<AwsOperation> Key = new(nameof(AwsOperation));

    private static readonly AsyncLocal<AwsOperation?> UnderWay = new();

    /// <summary>The operation that the SDK is carrying out in this flow; null outside of any.</summary>
    public static AwsOperation? Current
    {
        get => UnderWay.Value;
        set => UnderWay.Value = value;
    }
}
