using System.Runtime.CompilerServices;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Operator.Tests.Validation;

/// <summary>The definition and the docs tell every check with its default.</summary>
public sealed class CheckNamesTests
{
    private static readonly CheckDefinition[] Made =
    [
        .. BucketChecks.All.Select(c => c.Definition), .. AccessChecks.All.Select(c => c.Definition), PreflightAnswer.Check,
    ];

    [Fact]
    public void Page_of_the_checks_has_exactly_those_that_are_made_with_their_conditions_and_defaults()
    {
        string condition = "";
        var told = new List<CheckDefinition>();
        foreach (string line in File.ReadLines(InRepository("docs/checks.md")))
        {
            condition = line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : condition;
            if (line.Split(" | ") is [var name, var severity, _, _] && name.StartsWith("| `", StringComparison.Ordinal))
            {
                told.Add(new CheckDefinition(name[3..^1], condition, Enum.Parse<Severity>(severity)));
            }
        }

        Assert.Equal(Made.OrderBy(c => c.Name), told.OrderBy(c => c.Name));
    }

    [Fact]
    public void Definition_has_exactly_the_checks_that_are_made_and_says_their_defaults()
    {
        YamlMappingNode told = Told();

        Assert.Equal(Made.Select(c => c.Name).Order(), told.Children.Keys.Select(k => ((YamlScalarNode)k).Value).Order());
        Assert.All(Made, c => Assert.EndsWith($"Default: {c.Default}.", (string?)told[c.Name]["description"], StringComparison.Ordinal));
    }

    private static string InRepository(string path, [CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "../../..", path);

    private static YamlMappingNode Told()
    {
        var yaml = new YamlStream();
        using StreamReader file = File.OpenText(InRepository("crds/localregistries.localregistry.dev.yaml"));
        yaml.Load(file);
        YamlNode schema = yaml.Documents[0].RootNode["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        return (YamlMappingNode)schema["properties"]["spec"]["properties"]["validation"]["properties"]["checks"]["properties"];
    }
}
