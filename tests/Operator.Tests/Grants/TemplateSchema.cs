using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.Serialization;

namespace LocalRegistry.Operator.Tests.Grants;

/// <summary>Holds a template against what AWS publishes of its resources: which properties they have, of what type, and which of them are required.</summary>
internal sealed partial class TemplateSchema
{
    private static readonly string[] PseudoParameters = ["AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::NoValue"];

    private readonly Dictionary<string, Dictionary<string, string>> _properties;
    private readonly Dictionary<string, string[]> _attributes;
    private readonly Dictionary<object, object> _template;

    public TemplateSchema(string template, [CallerFilePath] string caller = "")
    {
        JsonElement schema = JsonElement.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, "cloudformation-schema.json")));
        _properties = schema.GetProperty("properties").Deserialize<Dictionary<string, Dictionary<string, string>>>()!;
        _attributes = schema.GetProperty("attributes").Deserialize<Dictionary<string, string[]>>()!;
        _template = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(template);
    }

    public void Check()
    {
        foreach ((object name, object resource) in Section("Resources"))
        {
            var type = (string)((Dictionary<object, object>)resource)["Type"];
            CheckObject(type, type, ((Dictionary<object, object>)resource)["Properties"], (string)name);
            Assert.Subset(
                new HashSet<object>(["Type", "Properties", "Condition", "DeletionPolicy", "UpdateReplacePolicy"]), ((Dictionary<object, object>)resource).Keys.ToHashSet());
        }

        CheckReferences(_template, []);
    }

    private Dictionary<object, object> Section(string name) => (Dictionary<object, object>)_template[name];

    private void CheckObject(string resource, string type, object value, string path)
    {
        if (Branches(value) is { } branches)
        {
            Assert.All(branches, b => CheckObject(resource, type, b, path));
            return;
        }

        var properties = (Dictionary<object, object>)value;
        HashSet<string> names = [.. properties.Keys.Cast<string>()];
        Assert.Subset(new HashSet<string>(_properties[type].Keys), names);
        Assert.Subset(names, _properties[type].Where(p => p.Value.EndsWith(", required", StringComparison.Ordinal)).Select(p => p.Key).ToHashSet());
        foreach ((object name, object property) in properties)
        {
            CheckValue(resource, _properties[type][(string)name].Replace(", required", "", StringComparison.Ordinal), property, $"{path}.{name}");
        }
    }

    private void CheckValue(string resource, string type, object value, string path)
    {
        const string List = "list of ";
        if (Branches(value) is { } branches)
        {
            Assert.All(branches, b => CheckValue(resource, type, b, path));
        }
        else if (type.StartsWith(List, StringComparison.Ordinal))
        {
            Assert.All(Assert.IsType<List<object>>(value), v => CheckValue(resource, type[List.Length..], v, path));
        }
        else if (_properties.ContainsKey($"{resource}.{type}"))
        {
            CheckObject(resource, $"{resource}.{type}", value, path);
        }
        else
        {
            Assert.True(Fits(type, value), $"{path} is no {type}");
        }
    }

    // What a function gives is known only to AWS, but for the two sides of a condition.
    private static IEnumerable<object>? Branches(object value) => value switch
    {
        Dictionary<object, object> { Count: 1 } o when o.TryGetValue("Fn::If", out object? both) => ((List<object>)both).Skip(1).SelectMany(b => Branches(b) ?? [b]),
        Dictionary<object, object> { Count: 1 } o when o.Keys.Single() is "Ref" or "Fn::Sub" or "Fn::GetAtt" => [],
        _ => null,
    };

    private static bool Fits(string type, object value) => type switch
    {
        "String" => value is string { Length: > 0 },
        "Boolean" => value is "true" or "false",
        "Integer" => value is string text && int.TryParse(text, out _),
        "Json" => value is Dictionary<object, object>,
        _ => false,
    };

    private void CheckReferences(object? node, IReadOnlyCollection<object> variables)
    {
        if (node is List<object> list)
        {
            Assert.All(list, each => CheckReferences(each, variables));
        }

        foreach ((object key, object value) in node as Dictionary<object, object> ?? [])
        {
            switch (key)
            {
                case "Ref":
                    Assert.True(IsKnown((string)value, variables), $"{value} is nothing that the template knows");
                    break;
                case "Fn::GetAtt":
                    Assert.Contains((string)((List<object>)value)[1], _attributes[TypeOf((string)((List<object>)value)[0])]);
                    break;
                case "Fn::If":
                    Assert.Contains(((List<object>)value)[0], Section("Conditions").Keys);
                    break;
                case "Condition" when value is string condition:
                    Assert.Contains(condition, Section("Conditions").Keys);
                    break;
                case "Fn::Sub":
                    string text = value as string ?? (string)((List<object>)value)[0];
                    IReadOnlyCollection<object> own = value is List<object> both ? ((Dictionary<object, object>)both[1]).Keys : [];
                    Assert.All(Variable().Matches(text), m => Assert.True(IsKnown(m.Groups[1].Value, own), $"{m.Groups[1].Value} is nothing that the template knows"));
                    break;
            }

            CheckReferences(value, variables);
        }
    }

    private bool IsKnown(string name, IReadOnlyCollection<object> variables)
    {
        string[] parts = name.Split('.');
        return PseudoParameters.Contains(name) || variables.Contains(name) || Section("Parameters").ContainsKey(name)
            || (Section("Resources").ContainsKey(parts[0]) && (parts.Length == 1 || _attributes[TypeOf(parts[0])].Contains(parts[1])));
    }

    private string TypeOf(string resource) => (string)((Dictionary<object, object>)Section("Resources")[resource])["Type"];

    // ${!x} stands for the text ${x}.
    [GeneratedRegex(@"\$\{([^!}][^}]*)\}")]
    private static partial Regex Variable();
}
