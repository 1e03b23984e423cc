using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;
using static Amazon.Runtime.Internal.Endpoints.StandardLibrary.Fn;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>Where IAM is: it has one endpoint in each partition, whichever region asks, and signatures name that one's region.</summary>
internal sealed class IamEndpointProvider : IEndpointProvider
{
    public const string Region = nameof(Region);
    public const string Url = "Endpoint";
    public const string UseFips = nameof(UseFips);

    /// <exception cref="AmazonClientException">The region lies in a partition that is not known.</exception>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters[Url] is string { Length: > 0 } url)
        {
            return new Endpoint(url);
        }

        var region = (string?)parameters[Region];
        string? partition = region is null ? null : (string?)GetAttr(Partition(region), "name");
        bool fips = parameters[UseFips] is true;
        return partition switch
        {
            "aws" => In("us-east-1", fips ? "iam-fips.amazonaws.com" : "iam.amazonaws.com"),
            "aws-cn" => In("cn-north-1", "iam.cn-north-1.amazonaws.com.cn"),
            "aws-us-gov" => In("us-gov-west-1", "iam.us-gov.amazonaws.com"),
            _ => throw new AmazonClientException($"no endpoint of IAM is known for region \"{region}\""),
        };
    }

    private static Endpoint In(string region, string host) => new(
        $"https://{host}", $$"""{"authSchemes":[{"name":"sigv4","signingName":"iam","signingRegion":"{{region}}"}]}""", null);
}
