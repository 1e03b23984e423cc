using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>Gives the endpoint provider what it decides by.</summary>
internal sealed class IamEndpointResolver : BaseEndpointResolver
{
    public static EndpointParameters ParametersOf(IClientConfig config) => new()
    {
        [IamEndpointProvider.Region] = config.RegionEndpoint?.SystemName,
        [IamEndpointProvider.Url] = config.ServiceURL,
        [IamEndpointProvider.UseFips] = config.UseFIPSEndpoint,
    };

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) => ParametersOf(requestContext.ClientConfig);
}
