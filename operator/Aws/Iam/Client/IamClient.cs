using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>
/// IAM by the Query protocol: the two calls that the operator makes, on the SDK's own pipeline. The SDK's package for IAM has four hundred calls
/// and 6 MB; credentials, signatures, retries and endpoints are the core's all the same.
/// </summary>
internal sealed class IamClient(AWSCredentials credentials, IamClientConfig config) : AmazonServiceClient(credentials, config)
{
    /// <summary>The namespace of what it answers.</summary>
    public static readonly XNamespace Namespace = "https://iam.amazonaws.com/doc/2010-05-08/";

    private static readonly InvokeOptions Options = new()
    {
        RequestMarshaller = new IamRequestMarshaller(),
        ResponseUnmarshaller = new IamResponseUnmarshaller(),
    };

    protected override IServiceMetadata ServiceMetadata { get; } = new IamServiceMetadata();

    /// <summary>Makes a call. Returns its result element.</summary>
    /// <exception cref="AmazonServiceException">It was refused.</exception>
    /// <exception cref="AmazonClientException">It could not be made.</exception>
    public async Task<XElement> CallAsync(IamRequest request, CancellationToken cancel) => (await InvokeAsync<IamResponse>(request, Options, cancel)).Result;

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new IamEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new IamAuthSchemeHandler());
    }
}
