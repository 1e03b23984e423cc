using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace LocalRegistry.Operator.Tests.Grants;

/// <summary>What the documentation shows of <c>operator policies</c> is what it prints.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string, string> Examples()
    {
        var examples = new TheoryData<string, string>();
        foreach (Match example in Example().Matches(File.ReadAllText(Page())))
        {
            examples.Add(example.Groups["options"].Value, example.Groups["output"].Value);
        }

        return examples;
    }

    [Fact]
    public void Examples_are_found() => Assert.Equal(3, Examples().Count);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_is_what_the_command_prints(string options, string output) =>
        Assert.Equal(output, await PoliciesCommandTests.PrintAsync(options.Split(' ')));

    private static string Page([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "../../../docs/identities.md");

    [GeneratedRegex(@"^\$ operator policies (?<options>[^\n>]+)\n(?<output>\{\n.*?\n\}\n)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
