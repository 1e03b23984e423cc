using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>The calls about KMS keys.</summary>
/// <param name="credentials">Who asks.</param>
/// <param name="config">Where KMS is; null for stores that keep their keys themselves.</param>
/// <param name="deadline">Ends the calls.</param>
/// <param name="cancel">Gives up altogether.</param>
internal sealed class KmsCalls(AWSCredentials credentials, AmazonKeyManagementServiceConfig? config, CancellationToken deadline, CancellationToken cancel) : IDisposable
{
    private const string Permission = "kms:DescribeKey";

    private readonly AmazonKeyManagementServiceClient? _client = config is null ? null : new AmazonKeyManagementServiceClient(credentials, config);

    /// <param name="keyId">The key as somebody names it: id, ARN or alias.</param>
    /// <param name="resource">The key as a policy names it.</param>
    public async Task<AwsAnswer<KmsKeyState>> DescribeAsync(string keyId, string resource)
    {
        if (_client is null)
        {
            return AwsAnswer<KmsKeyState>.Failed(new AwsFailure(AwsFailureKind.Unsupported, "the store keeps its keys itself"));
        }

        return await AwsFailures.CatchAsync(Permission, resource, async () =>
        {
            KeyMetadata key = (await _client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = keyId }, deadline)).KeyMetadata;
            return new KmsKeyState(key.Arn, key.KeyState.Value, key.KeySpec?.Value ?? "", key.KeyUsage?.Value ?? "", key.KeyManager == KeyManagerType.AWS);
        }, cancel);
    }

    public void Dispose() => _client?.Dispose();
}
