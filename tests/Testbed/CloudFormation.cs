using System.Xml.Linq;

namespace LocalRegistry.Testbed;

/// <summary>Makes stacks of templates. The server makes the resources that it knows, with the properties that it knows, and passes over the rest.</summary>
public static class CloudFormation
{
    private static readonly XNamespace Namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/";

    /// <summary>Makes a stack, fails unless it is complete, and gives its outputs by name.</summary>
    /// <param name="moto">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="template">The template's text.</param>
    /// <param name="parameters">Values for the template's parameters.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyDictionary<string, string>> CreateStackAsync(
        this MotoServer moto, string name, string template, IReadOnlyDictionary<string, string> parameters, CancellationToken ct)
    {
        await CallAsync(moto, "CreateStack", name, [
            new("TemplateBody", template),
            new("Capabilities.member.1", "CAPABILITY_IAM"),
            .. parameters.SelectMany((p, i) => new KeyValuePair<string, string>[]
            {
                new($"Parameters.member.{i + 1}.ParameterKey", p.Key),
                new($"Parameters.member.{i + 1}.ParameterValue", p.Value),
            }),
        ], ct);
        var stack = (await CallAsync(moto, "DescribeStacks", name, [], ct)).Descendants(Namespace + "Stacks").Single().Elements().Single();
        var status = stack.Element(Namespace + "StackStatus")!.Value;
        return status == "CREATE_COMPLETE"
            ? stack.Element(Namespace + "Outputs")!.Elements().ToDictionary(
                o => o.Element(Namespace + "OutputKey")!.Value, o => o.Element(Namespace + "OutputValue")!.Value)
            : throw new InvalidOperationException($"stack {name} is in {status}");
    }

    private static Task<XDocument> CallAsync(
        MotoServer moto, string action, string stack, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken ct) =>
        AwsQuery.CallAsync(moto.Endpoint, "cloudformation", "2010-05-15", "AKIAADMIN", action, [new("StackName", stack), .. parameters], ct);
}
