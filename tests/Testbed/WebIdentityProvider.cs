using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3.Model;

namespace LocalRegistry.Testbed;

/// <summary>
/// An OIDC issuer that the S3 server's IAM trusts, as a cluster's issuer is made known to AWS where the cluster is not EKS: the issuer's two
/// documents lie in a public bucket, IAM knows the issuer and one audience, and each role's trust policy names a subject and an audience.
/// </summary>
public sealed class WebIdentityProvider
{
    /// <summary>The audience that AWS's own token service takes.</summary>
    public const string Audience = "sts.amazonaws.com";

    /// <summary>The bucket of a bed's S3 for the documents of its cluster's issuer; nothing is in it, until a test publishes them.</summary>
    public const string ClusterBucket = "cluster-oidc";

    private const string Account = "RGW00000000000000001";

    // No IAM client of AWS's SDK for .NET is used by the project; the server's image has one of Python's.
    private const string CallIam = """
        import boto3, json, sys
        iam = boto3.client("iam", endpoint_url="http://127.0.0.1:7480", region_name="us-east-1", aws_access_key_id="AKIAROOT", aws_secret_access_key="rootsecret")
        print(json.dumps(getattr(iam, sys.argv[1])(**json.loads(sys.argv[2])), default=str))
        """;

    private readonly S3Server _s3;

    private WebIdentityProvider(S3Server s3, string issuer)
    {
        _s3 = s3;
        Issuer = issuer;
    }

    /// <summary>The issuer's URL, as it stands in its tokens.</summary>
    public string Issuer { get; }

    /// <summary>The URL of an issuer whose documents lie in this bucket.</summary>
    public static string IssuerOf(string bucket) => $"https://{S3Server.Role}:7443/{bucket}";

    /// <summary>Publishes an issuer's documents and makes it known to IAM.</summary>
    /// <param name="s3">The server.</param>
    /// <param name="bucket">A bucket to make for the documents.</param>
    /// <param name="keys">The issuer's public keys, as the JSON Web Key Set that an API server answers at <c>/openid/v1/jwks</c>.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<WebIdentityProvider> CreateAsync(S3Server s3, string bucket, string keys, CancellationToken ct)
    {
        string issuer = IssuerOf(bucket);
        string discovery = JsonSerializer.Serialize(new { issuer, jwks_uri = $"{issuer}/openid/v1/jwks", id_token_signing_alg_values_supported = new[] { "RS256" } });
        await s3.CreateBucketAsync(bucket, encrypted: false, ct);
        using (var client = s3.CreateClient())
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = ".well-known/openid-configuration", ContentBody = discovery }, ct);
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "openid/v1/jwks", ContentBody = keys }, ct);
            string open = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{bucket}}/*"}]}""";
            await client.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = bucket, Policy = open }, ct);
        }

        var provider = new WebIdentityProvider(s3, issuer);
        await provider.IamAsync("create_open_id_connect_provider", new { Url = issuer, ClientIDList = new[] { Audience }, ThumbprintList = new[] { new string('a', 40) } }, ct);
        return provider;
    }

    /// <summary>Makes a role and gives its ARN.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="subject">Whom its trust policy takes: <c>system:serviceaccount:NAMESPACE:NAME</c>.</param>
    /// <param name="bucket">A bucket of the user who may do everything, in which the role may list, read and write.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<string> CreateRoleAsync(string name, string subject, string bucket, CancellationToken ct)
    {
        string host = Issuer["https://".Length..];
        string trust = $$$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":["arn:aws:iam::{{{Account}}}:oidc-provider/{{{host}}}"]},
             "Action":["sts:AssumeRoleWithWebIdentity"],"Condition":{"StringEquals":{"{{{host}}}:sub":"{{{subject}}}","{{{host}}}:aud":"{{{Audience}}}" } } }]}
            """;
        string allowed = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],
             "Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}]}
            """;
        JsonNode made = await IamAsync("create_role", new { RoleName = name, AssumeRolePolicyDocument = trust }, ct);
        string arn = (string)made["Role"]!["Arn"]!;
        await IamAsync("put_role_policy", new { RoleName = name, PolicyName = "registry", PolicyDocument = allowed }, ct);
        // The bucket is another account's, so both sides must allow it.
        using var client = _s3.CreateClient();
        string crossAccount = allowed.Replace("\"Effect\":\"Allow\",", $$"""
            "Effect":"Allow","Principal":{"AWS":"{{arn}}"},
            """, StringComparison.Ordinal);
        await client.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = bucket, Policy = crossAccount }, ct);
        return arn;
    }

    private async Task<JsonNode> IamAsync(string call, object arguments, CancellationToken ct) =>
        JsonNode.Parse(await _s3.ExecAsync(["python3", "-c", CallIam, call, JsonSerializer.Serialize(arguments)], ct))!;
}
