using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>One call. The SDK names a call after the type of its request, so each action has its own.</summary>
/// <param name="parameters">Its parameters, as the Query protocol writes them.</param>
internal abstract class IamRequest(IReadOnlyList<KeyValuePair<string, string>> parameters) : AmazonWebServiceRequest
{
    /// <summary>The action's name.</summary>
    public string Action => GetType().Name[..^"Request".Length];

    public IReadOnlyList<KeyValuePair<string, string>> Parameters => parameters;
}
