using System.Text.Json;
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
    private const string CreateUsers = """
        import boto3, json, sys, uuid
        iam = boto3.client("iam", endpoint_url="http://127.0.0.1:7480", region_name="us-east-1", aws_access_key_id="AKIAROOT", aws_secret_access_key="rootsecret")
        keys = []
        for policy in json.loads(sys.argv[1]):
            name = "u" + uuid.uuid4().hex
            iam.create_user(UserName=name)
            iam.put_user_policy(UserName=name, PolicyName="granted", PolicyDocument=policy)
            keys.append(iam.create_access_key(UserName=name)["AccessKey"])
        print(json.dumps(keys, default=str))
        """;

    private const string AssumeRole = """
        import boto3, json, sys, uuid
        keys = dict(endpoint_url="http://127.0.0.1:7480", region_name="us-east-1", aws_access_key_id="AKIAROOT", aws_secret_access_key="rootsecret")
        iam = boto3.client("iam", **keys)
        name = "r" + uuid.uuid4().hex
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::RGW00000000000000001:root"]}, "Action": ["sts:AssumeRole"]}]}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="granted", PolicyDocument=sys.argv[1])
        print(json.dumps(boto3.client("sts", **keys).assume_role(RoleArn=role, RoleSessionName="registry")["Credentials"], default=str))
        """;

    /// <summary>Makes users.</summary>
    /// <param name="s3">The server.</param>
    /// <param name="policies">The policy of each, as IAM takes it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Their access keys, each with the secret to it.</returns>
    public static async Task<IReadOnlyList<(string AccessKey, string SecretKey)>> CreateUsersAsync(this S3Server s3, IEnumerable<string> policies, CancellationToken ct)
    {
        string keys = await s3.ExecAsync(["python3", "-c", CreateUsers, JsonSerializer.Serialize(policies)], ct);
        return [.. JsonNode.Parse(keys)!.AsArray().Select(k => ((string)k!["AccessKeyId"]!, (string)k["SecretAccessKey"]!))];
    }

    /// <summary>Makes a role, and keys for a session of it.</summary>
    /// <param name="s3">The server.</param>
    /// <param name="policy">The role's policy, as IAM takes it.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<AwsSession> AssumeRoleAsync(this S3Server s3, string policy, CancellationToken ct)
    {
        JsonNode made = JsonNode.Parse(await s3.ExecAsync(["python3", "-c", AssumeRole, policy], ct))!;
        return new AwsSession((string)made["AccessKeyId"]!, (string)made["SecretAccessKey"]!, (string)made["SessionToken"]!);
    }
}
