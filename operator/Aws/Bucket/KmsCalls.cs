using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>The calls about KMS keys.</summary>
/// <param name="credentials">Who asks.</param>
/// <param name="driver">The bucket, whose region is the keys' too.</param>
/// <param name="deadline">Ends the calls.</param>
/// <param name="cancel">Gives up altogether.</param>
internal sealed class KmsCalls(AWSCredentials credentials, S3Driver driver, CancellationToken deadline, CancellationToken cancel) : IDisposable
{
    private const string Permission = "kms:DescribeKey";

    // Keys of other stores are not AWS's, unless somebody says where they are.
    private readonly AmazonKeyManagementServiceClient? _client =
        AwsClients.Kms(driver) is { } config ? new AmazonKeyManagementServiceClient(credentials, config) : null;

    /// <param name="keyId">The key as somebody names it: id, ARN or alias.</param>
    public async Task<AwsAnswer<KmsKeyState>> DescribeAsync(string keyId)
    {
        if (_client is null)
        {
            return AwsAnswer<KmsKeyState>.Failed(new AwsFailure(AwsFailureKind.Unsupported, "the store keeps its keys itself"));
        }

        return await AwsFailures.CatchAsync(Permission, keyId, async () =>
        {
            KeyMetadata key = (await _client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = keyId }, deadline)).KeyMetadata;
            return new KmsKeyState(key.Arn, key.KeyState.Value, key.KeySpec?.Value ?? "", key.KeyUsage?.Value ?? "");
        }, cancel);
    }

    public void Dispose() => _client?.Dispose();
}
