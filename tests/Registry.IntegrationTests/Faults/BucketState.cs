using System.Text;
using Amazon.S3.Model;
using LocalRegistry.Registry.Tests;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>Looks at a registry's folder in S3 itself, key by key.</summary>
internal sealed class BucketState(S3Fixture s3, string bucket, string root)
{
    private readonly string _prefix = $"{root}/docker/registry/v2/";

    /// <summary>What must not be: content under a wrong name, links that hold no digest, tags and revisions that lead nowhere.</summary>
    public async Task<List<string>> ProblemsAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        HashSet<string> keys = await KeysAsync(cancellationToken);
        foreach (string key in keys)
        {
            if (key.StartsWith("blobs/", StringComparison.Ordinal))
            {
                string digest = $"sha256:{key.Split('/')[3]}";
                if (TestContent.Sha256(await ReadAsync(key, cancellationToken)) != digest)
                {
                    problems.Add($"{key} has other content");
                }
            }
            else if (key.EndsWith("/link", StringComparison.Ordinal))
            {
                string hex = Encoding.ASCII.GetString(await ReadAsync(key, cancellationToken)).Replace("sha256:", "", StringComparison.Ordinal);
                bool isTag = key.Contains("/tags/", StringComparison.Ordinal);
                if (hex.Length != 64 || !keys.Contains($"blobs/sha256/{hex[..2]}/{hex}/data")
                    || isTag && !keys.Contains($"{key.Split("/tags/")[0]}/revisions/sha256/{hex}/link")
                    || key.Contains("/sha256/", StringComparison.Ordinal) && !key.Contains(hex, StringComparison.Ordinal))
                {
                    problems.Add($"{key} leads to \"{hex}\", which is not there");
                }
            }
        }

        return problems;
    }

    /// <summary>The keys below the registry's folder.</summary>
    public async Task<HashSet<string>> KeysAsync(CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (S3Object each in s3.Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket, Prefix = _prefix }).S3Objects.WithCancellation(cancellationToken))
        {
            keys.Add(each.Key[_prefix.Length..]);
        }

        return keys;
    }

    /// <summary>The bytes under a key below the registry's folder.</summary>
    public async Task<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        using GetObjectResponse response = await s3.Client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = _prefix + key, ByteRange = new ByteRange("bytes=0-") }, cancellationToken);
        using var content = new MemoryStream();
        await response.ResponseStream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }
}
