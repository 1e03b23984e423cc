using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>Writes calls as the Query protocol has them: a form.</summary>
internal sealed class IamRequestMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (IamRequest)input;
        var request = new DefaultRequest(call, "IAM");
        request.Parameters.Add("Action", call.Action);
        request.Parameters.Add("Version", "2010-05-08");
        foreach ((string name, string value) in call.Parameters)
        {
            request.Parameters.Add(name, value);
        }

        return request;
    }
}
