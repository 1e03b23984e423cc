using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>How IAM is reached. <c>AWS_ENDPOINT_URL_IAM</c> is honoured, as by every client of the SDK.</summary>
internal sealed class IamClientConfig : ClientConfig
{
    private const string Service = "iam";

    // The SDK asks for the settings of the mode that AWS_DEFAULTS_MODE names, and wants to find the standard one in any case.
    private static readonly IEnumerable<IDefaultConfiguration> Modes = Enum.GetValues<DefaultConfigurationMode>()
        .Select(mode => new DefaultConfiguration { Name = mode, RetryMode = RequestRetryMode.Standard });

    public IamClientConfig()
        : base(new DefaultConfigurationProvider(Modes))
    {
        ServiceId = "IAM";
        AuthenticationServiceName = Service;
        EndpointProvider = new IamEndpointProvider();
    }

    public override string RegionEndpointServiceName => Service;

    public override string ServiceVersion => "2010-05-08";

    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("IAM", "1");

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        EndpointProvider.ResolveEndpoint(IamEndpointResolver.ParametersOf(this));
}
