using System.Text.Json.Nodes;

namespace LocalRegistry.Testbed;

/// <summary>
/// The account of the S3 server that has users of its own, as an account of AWS has: who belongs to it may do what his own policy says, and
/// nothing else.
/// </summary>
public static class S3Account
{
    /// <summary>The access key of the account's root, who owns the buckets that he makes.</summary>
    public const string AccessKey = "AKIAROOT";

    /// <summary>The secret to <see cref="AccessKey"/>.</summary>
    public const string SecretKey = "rootsecret";

    // The project uses no IAM client of AWS's SDK for .NET; the server's image has one of Python's.
    private const string CreateUser = """
        import boto3, json, sys
        name, policy = sys.argv[1:]
        iam = boto3.client("iam", endpoint_url="http://127.0.0.1:7480", region_name="us-east-1", aws_access_key_id="AKIAROOT", aws_secret_access_key="rootsecret")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="granted", PolicyDocument=policy)
        print(json.dumps(iam.create_access_key(UserName=name)["AccessKey"], default=str))
        """;

    /// <summary>Makes a user.</summary>
    /// <param name="s3">The server.</param>
    /// <param name="name">His name.</param>
    /// <param name="policy">His policy, as IAM takes it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>His access key and the secret to it.</returns>
    public static async Task<(string AccessKey, string SecretKey)> CreateUserAsync(this S3Server s3, string name, string policy, CancellationToken ct)
    {
        JsonNode key = JsonNode.Parse(await s3.ExecAsync(["python3", "-c", CreateUser, name, policy], ct))!;
        return ((string)key["AccessKeyId"]!, (string)key["SecretAccessKey"]!);
    }
}
