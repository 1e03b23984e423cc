using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class AuthSectionTests
{
    private static readonly HtpasswdConfiguration Expected = new() { Realm = "our registry", Path = "/auth/htpasswd" };

    [Theory]
    [InlineData("")]
    [InlineData("auth: {}")]
    [InlineData("auth: ")]
    public void Read_without_a_kind_of_login_asks_for_none(string section) => Assert.Null(Read(section, []).Value!.Htpasswd);

    [Fact]
    public void Read_htpasswd_gives_its_keys() =>
        Assert.Equal(Expected, Read("auth: {htpasswd: {realm: our registry, path: /auth/htpasswd}}", []).Value!.Htpasswd);

    [Fact]
    public void Read_htpasswd_from_variables_as_it_is_given_to_a_container()
    {
        ConfigurationResult<RegistryConfiguration> result = Read("", new()
        {
            ["REGISTRY_AUTH"] = "htpasswd",
            ["REGISTRY_AUTH_HTPASSWD_REALM"] = "our registry",
            ["REGISTRY_AUTH_HTPASSWD_PATH"] = "/auth/htpasswd",
        });

        Assert.Equal(Expected, result.Value!.Htpasswd);
    }

    [Theory]
    [InlineData("auth: {htpasswd: {path: /p}}", "auth.htpasswd.realm: is required: say what clients log in to, such as registry")]
    [InlineData("auth: {htpasswd: {realm: r}}", "auth.htpasswd.path: is required: name the file of names and bcrypt hashes")]
    [InlineData("auth: {htpasswd: {realm: 'a\"b', path: /p}}", "auth.htpasswd.realm: must have printable ASCII characters only, and neither quotation marks nor backslashes")]
    [InlineData("auth: {htpasswd: {realm: \"a\\r\\nb\", path: /p}}", "auth.htpasswd.realm: must have printable ASCII characters only, and neither quotation marks nor backslashes")]
    [InlineData("auth: {htpasswd: {realm: r, path: /p, file: x}}", "auth.htpasswd.file: is not a key of the registry's configuration")]
    [InlineData("auth: {silly: {realm: r, service: s}}", "auth.silly: is not supported: it lets in whoever says anything at all; use htpasswd and remove the section")]
    [InlineData("auth: {token: {realm: r}}", "auth.token: is not supported: the registry asks no token server; use htpasswd, or a proxy before it, and remove the section")]
    [InlineData("auth: {htpasswd: {realm: r, path: /p}, token: {}}", "auth.token: is not supported: the registry asks no token server; use htpasswd, or a proxy before it, and remove the section")]
    [InlineData("auth: none", "auth.none: is not a kind of login that the registry knows; use htpasswd")]
    public void Read_refuses_what_it_cannot_do(string section, string problem) =>
        Assert.Contains($"config.yml:3: {problem}", Read(section, []).Errors.Select(e => e.Describe("config.yml")));

    [Theory]
    [InlineData("REGISTRY_AUTH", "token")]
    [InlineData("REGISTRY_AUTH_SILLY_REALM", "r")]
    [InlineData("REGISTRY_AUTH_TOKEN", "{}")]
    public void Read_a_login_that_a_variable_asks_for_is_never_left_out(string variable, string value) =>
        Assert.Null(Read("", new() { [variable] = value }).Value);

    private static ConfigurationResult<RegistryConfiguration> Read(string section, Dictionary<string, string> environment) =>
        ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\n{section}\n", environment);
}
