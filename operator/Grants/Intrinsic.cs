using System.Text.Json.Nodes;

namespace LocalRegistry.Operator.Grants;

/// <summary>CloudFormation's functions, in their long form, which YAML and JSON readers that know nothing of CloudFormation read too.</summary>
internal static class Intrinsic
{
    public static JsonObject Ref(string name) => new() { ["Ref"] = name };

    public static JsonObject GetAtt(string resource, string attribute) => new() { ["Fn::GetAtt"] = new JsonArray(resource, attribute) };

    /// <summary>Text with <c>${...}</c> in it.</summary>
    public static JsonObject Sub(string text) => new() { ["Fn::Sub"] = text };

    /// <summary>Text with <c>${...}</c> in it, of which one name is given here.</summary>
    public static JsonObject Sub(string text, string name, JsonNode value) =>
        new() { ["Fn::Sub"] = new JsonArray(text, new JsonObject { [name] = value }) };

    public static JsonObject If(string condition, JsonNode then, JsonNode otherwise) => new() { ["Fn::If"] = new JsonArray(condition, then, otherwise) };

    /// <summary>Leaves out what it is the value of, unless a condition holds.</summary>
    public static JsonObject OnlyIf(string condition, JsonNode then) => If(condition, then, Ref("AWS::NoValue"));

    public static JsonObject IsEmpty(string parameter) => new() { ["Fn::Equals"] = new JsonArray(Ref(parameter), "") };

    /// <summary>Text that holds none of CloudFormation's variables, for a place in which they are looked for.</summary>
    public static string Literal(string text) => text.Replace("${", "${!", StringComparison.Ordinal);
}
