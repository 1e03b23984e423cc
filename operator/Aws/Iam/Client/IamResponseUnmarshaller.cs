using System.Net;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>Reads answers and errors.</summary>
internal sealed class IamResponseUnmarshaller : XmlResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        try
        {
            // The root is <ActionResponse>, the result its first child, <ActionResult>.
            return XDocument.Load(context.Stream).Root?.Elements().FirstOrDefault() is { } result
                ? new IamResponse { Result = result }
                : throw new AmazonUnmarshallingException("the answer is empty", "/", null);
        }
        catch (XmlException e)
        {
            throw new AmazonUnmarshallingException("the answer is not XML", "/", e);
        }
    }

    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        ErrorResponse error = XmlErrorResponseUnmarshaller.GetInstance().Unmarshall(context);
        return new AmazonServiceException(error.Message, innerException, error.Type, error.Code, error.RequestId, statusCode);
    }
}
