using System.Xml.Linq;
using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>The answer to one call.</summary>
internal sealed class IamResponse : AmazonWebServiceResponse
{
    /// <summary>The element that the action's name and <c>Result</c> name.</summary>
    public XElement Result { get; init; } = new("Empty");
}
