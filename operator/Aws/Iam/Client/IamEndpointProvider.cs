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

    // The region that signatures name, and the host.
    private static readonly Dictionary<string, (string Region, string Host)> Partitions = new()
    {
        ["aws"] = ("us-east-1", "iam.amazonaws.com"),
        ["aws-cn"] = ("cn-north-1", "iam.cn-north-1.amazonaws.com.cn"),
        ["aws-us-gov"] = ("us-gov-west-1", "iam.us-gov.amazonaws.com"),
        ["aws-iso"] = ("us-iso-east-1", "iam.us-iso-east-1.c2s.ic.gov"),
        ["aws-iso-b"] = ("us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov"),
    };

    /// <summary>The region by which a partition's IAM is found; null for a partition that is not known.</summary>
    public static string? RegionOf(string partition) => Partitions.TryGetValue(partition, out (string Region, string Host) known) ? known.Region : null;

    /// <exception cref="AmazonClientException">The region lies in a partition that is not known.</exception>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters[Url] is string { Length: > 0 } url)
        {
            return new Endpoint(url);
        }

        var region = (string?)parameters[Region];
        if (region is null || GetAttr(Partition(region), "name") is not string partition || !Partitions.TryGetValue(partition, out (string Region, string Host) known))
        {
            throw new AmazonClientException($"no endpoint of IAM is known for region \"{region}\"");
        }

        string host = parameters[UseFips] is true && partition == "aws" ? "iam-fips.amazonaws.com" : known.Host;
        return new Endpoint(
            $"https://{host}", $$"""{"authSchemes":[{"name":"sigv4","signingName":"iam","signingRegion":"{{known.Region}}"}]}""", null);
    }
}
