using System.CommandLine;
using Xunit;

namespace LocalRegistry.Operator.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public void Parse_of_a_rate_out_of_bounds_says_the_bounds(string rate)
    {
        ParseResult result = CommandLine.Build().Parse(["run", "--registry-image", "registry", "--aws-requests-per-second", rate]);

        Assert.Equal("--aws-requests-per-second must be from 1 to 1000.", Assert.Single(result.Errors).Message);
    }

    [Theory]
    [InlineData()]
    [InlineData("--aws-requests-per-second", "1000")]
    public void Parse_of_a_rate_within_bounds_or_none_is_accepted(params string[] rate) =>
        Assert.Empty(CommandLine.Build().Parse(["run", "--registry-image", "registry", .. rate]).Errors);
}
