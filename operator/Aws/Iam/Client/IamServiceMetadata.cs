using Amazon.Runtime.Internal;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>What the SDK's telemetry calls the service.</summary>
internal sealed class IamServiceMetadata : IServiceMetadata
{
    public string ServiceId => "IAM";

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
}
