using System.Xml.Linq;

namespace LocalRegistry.Testbed;

/// <summary>Calls of IAM, unsigned: for servers that only look at who is said to call.</summary>
internal static class IamQuery
{
    /// <summary>Makes one call.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="accessKey">Who calls.</param>
    /// <param name="action">The action, such as <c>CreateRole</c>.</param>
    /// <param name="parameters">Its parameters, as the Query protocol writes them.</param>
    /// <param name="ct">Ends the call.</param>
    /// <exception cref="HttpRequestException">It was refused; the message holds the answer.</exception>
    public static Task<XDocument> CallAsync(
        Uri endpoint, string accessKey, string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken ct) =>
        AwsQuery.CallAsync(endpoint, "iam", "2010-05-08", accessKey, action, parameters, ct);
}
