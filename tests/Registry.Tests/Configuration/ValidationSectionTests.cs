using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class ValidationSectionTests
{
    [Fact]
    public void Read_without_the_section_takes_any_url_and_asks_for_all_content()
    {
        ValidationConfiguration validation = Valid("");

        Assert.Equal((true, IndexCheck.All), (validation.NeedsBlobs, validation.Indexes));
        Assert.Null(validation.Urls);
    }

    [Theory]
    [InlineData("validation: {disabled: true}")]
    [InlineData("validation: {disabled: true, manifests: {urls: {deny: [x]}, indexes: {platforms: all}}}")]
    public void Read_disabled_asks_for_nothing(string section)
    {
        ValidationConfiguration validation = Valid(section);

        Assert.Equal((false, IndexCheck.None), (validation.NeedsBlobs, validation.Indexes));
        Assert.Null(validation.Urls);
    }

    [Theory]
    [InlineData("validation: {disabled: false}", "https://a.example/x", false)]
    [InlineData("validation: {manifests: {indexes: {platforms: all}}}", "https://a.example/x", false)]
    [InlineData("validation: {manifests: {urls: {allow: ['^https://a\\.example/']}}}", "https://a.example/x", true)]
    [InlineData("validation: {manifests: {urls: {allow: ['^https://a\\.example/']}}}", "https://b.example/x", false)]
    [InlineData("validation: {manifests: {urls: {allow: ['b', 'a.example']}}}", "https://a.example/x", true)]
    [InlineData("validation: {manifests: {urls: {allow: ['.*']}}}", "ftp://a.example/x", false)]
    [InlineData("validation: {manifests: {urls: {allow: ['.*']}}}", "https://a.example/x#y", false)]
    [InlineData("validation: {manifests: {urls: {allow: ['.*']}}}", "nonsense", false)]
    [InlineData("validation: {manifests: {urls: {deny: ['a.example']}}}", "https://a.example/x", false)]
    [InlineData("validation: {manifests: {urls: {deny: ['a.example']}}}", "http://b.example/x", true)]
    [InlineData("validation: {manifests: {urls: {allow: ['example'], deny: ['^http:']}}}", "http://b.example/x", false)]
    public void Read_urls_permit_what_dockers_registry_would(string section, string url, bool permitted) =>
        Assert.Equal(permitted, Valid(section).Urls!.Permit(url));

    [Fact]
    public void Read_urls_are_tried_in_linear_time()
    {
        UrlRules rules = Valid("validation: {manifests: {urls: {allow: ['^(https://(a+)+)+$']}}}").Urls!;

        Assert.False(rules.Permit($"https://{new string('a', 100_000)}!"));
    }

    [Theory]
    [InlineData("all", "amd64", true)]
    [InlineData("all", null, true)]
    [InlineData("none", "amd64", false)]
    [InlineData("none", null, false)]
    [InlineData("list", "amd64", true)]
    [InlineData("list", "arm64", false)]
    [InlineData("list", null, true)]
    public void Read_platforms_say_which_images_must_be_there(string platforms, string? architecture, bool needed)
    {
        ValidationConfiguration validation = Valid($$"""
            validation:
              manifests:
                indexes:
                  platforms: {{platforms}}
                  platformlist:
                  - {architecture: amd64, os: linux}
            """);

        Assert.Equal(needed, validation.NeedsImage(architecture is null ? null : new ImagePlatform(architecture, "linux")));
    }

    [Theory]
    [InlineData("validation: {enabled: true}", "validation.enabled: is an older name that Docker's registry has given up; write disabled, which says the contrary")]
    [InlineData("validation: {disabled: perhaps}", "validation.disabled: must be one of true, false, yes, no, on, off, not \"perhaps\"")]
    [InlineData("validation: {manifests: {urls: {allow: x}}}", "validation.manifests.urls.allow: must be a list of texts")]
    [InlineData("validation: {manifests: {urls: {deny: ['(?=a)']}}}", "validation.manifests.urls.deny: has \"(?=a)\", which is too large, or looks around or back: expressions are tried in linear time")]
    [InlineData("validation: {manifests: {indexes: {platforms: some}}}", "validation.manifests.indexes.platforms: must be one of all, none, list, not \"some\"")]
    [InlineData("validation: {manifests: {indexes: {platforms: list}}}", "validation.manifests.indexes.platforms: is list, and platformlist names no platform: add one, such as {architecture: amd64, os: linux}")]
    [InlineData("validation: {manifests: {indexes: {platformlist: [{os: linux}]}}}", "validation.manifests.indexes.platformlist[0].architecture: is required: name the processor's architecture, such as amd64")]
    [InlineData("validation: {manifests: {indexes: {platform: all}}}", "validation.manifests.indexes.platform: is not a key of the registry's configuration")]
    public void Read_refuses_what_it_cannot_do(string section, string problem) => Assert.Contains(
        $"config.yml:3: {problem}", ConfigurationReader.Read(Yaml(section)).Errors.Select(e => e.Describe("config.yml")));

    [Fact]
    public void Read_refuses_a_text_that_is_no_expression() => Assert.StartsWith(
        "has \"(\", which is not a regular expression: ",
        Assert.Single(ConfigurationReader.Read(Yaml("validation: {manifests: {urls: {allow: ['(']}}}")).Errors).Message,
        StringComparison.Ordinal);

    private static string Yaml(string section) => $"version: 0.1\nstorage: inmemory\n{section}\n";

    private static ValidationConfiguration Valid(string section)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(Yaml(section));
        Assert.Empty(result.Errors);
        return result.Value!.Validation;
    }
}
