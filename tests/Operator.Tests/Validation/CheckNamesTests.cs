using System.Runtime.CompilerServices;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Operator.Tests.Validation;

/// <summary>The definition tells every check with its default.</summary>
public sealed class CheckNamesTests
{
    [Fact]
    public void Definition_has_exactly_the_checks_that_are_made_and_says_their_defaults()
    {
        CheckDefinition[] made = [.. BucketChecks.All.Select(c => c.Definition), .. AccessChecks.All.Select(c => c.Definition), PreflightAnswer.Check];

        YamlMappingNode told = Told();

        Assert.Equal(made.Select(c => c.Name).Order(), told.Children.Keys.Select(k => ((YamlScalarNode)k).Value).Order());
        Assert.All(made, c => Assert.EndsWith($"Default: {c.Default}.", (string?)told[c.Name]["description"], StringComparison.Ordinal));
    }

    private static YamlMappingNode Told([CallerFilePath] string caller = "")
    {
        var yaml = new YamlStream();
        using StreamReader file = File.OpenText(Path.Combine(Path.GetDirectoryName(caller)!, "../../../crds/localregistries.localregistry.dev.yaml"));
        yaml.Load(file);
        YamlNode schema = yaml.Documents[0].RootNode["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        return (YamlMappingNode)schema["properties"]["spec"]["properties"]["validation"]["properties"]["checks"]["properties"];
    }
}
