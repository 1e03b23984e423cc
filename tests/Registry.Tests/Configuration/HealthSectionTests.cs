using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class HealthSectionTests
{
    [Fact]
    public void Read_takes_every_kind_of_check_with_its_defaults()
    {
        HealthConfiguration health = Read(
            "file: [{file: /run/down}, {file: /run/too, interval: 3s}], http: [{uri: 'https://e.example.com/x'}], tcp: [{addr: '[::1]:6379', timeout: 2s, threshold: 3}]").Value!.Health;

        Assert.Equal([new FileHealthCheck("/run/down", TimeSpan.FromSeconds(10)), new FileHealthCheck("/run/too", TimeSpan.FromSeconds(3))], health.Files);
        HttpHealthCheck http = Assert.Single(health.Http);
        Assert.Equal(
            ("https://e.example.com/x", 200, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), 1), (http.Uri, http.StatusCode, http.Timeout, http.Interval, http.Threshold));
        Assert.Equal([new TcpHealthCheck("[::1]:6379", "::1", 6379, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), 3)], health.Tcp);
    }

    [Fact]
    public void Read_takes_headers_and_what_dockers_registry_takes_for_the_default()
    {
        HttpHealthCheck http = Assert.Single(Read(
            "http: [{uri: 'http://e', statuscode: 204, timeout: 0, interval: 0, threshold: 0, headers: {Authorization: [Bearer x]}}]").Value!.Health.Http);

        Assert.Equal((204, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), 1), (http.StatusCode, http.Timeout, http.Interval, http.Threshold));
        Assert.Equal(["Bearer x"], http.Headers["Authorization"]);
    }

    [Theory]
    [InlineData("file: [{interval: 10s}]", "health.file[0].file: is required: name the file whose presence makes the registry unhealthy")]
    [InlineData("file: [{file: down}]", "health.file[0].file: must be an absolute path, not \"down\"")]
    [InlineData("file: [{file: /a}, {file: /a}]", "health.file[1].file: is checked twice: /a")]
    [InlineData("file: [{file: /a, threshold: 2}]", "health.file[0].threshold: is not a key of the registry's configuration")]
    [InlineData("file: {file: /a}", "health.file: must be a list of mappings")]
    [InlineData("http: [{uri: 'ftp://e'}]", "health.http[0].uri: must be an http or https URL, not \"ftp://e\"")]
    [InlineData("http: [{uri: 'http://u:p@e'}]", "health.http[0].uri: must not hold a user and password: send an Authorization header by headers")]
    [InlineData("http: [{uri: 'http://e', headers: {'a b': [c]}}]", "health.http[0].headers: \"a b\" cannot be sent: a header's name has letters, digits and hyphens, its values printable ASCII characters")]
    [InlineData("http: [{uri: 'http://e', statuscode: 20}]", "health.http[0].statuscode: must be a whole number from 100 to 599, not \"20\"")]
    [InlineData("http: [{uri: 'http://e', interval: 10ms}]", "health.http[0].interval: must be at least 1s")]
    [InlineData("tcp: [{addr: redis}]", "health.tcp[0].addr: must be host:port, such as redis.example.com:6379, not \"redis\"")]
    [InlineData("tcp: [{addr: ':6379'}]", "health.tcp[0].addr: must be host:port, such as redis.example.com:6379, not \":6379\"")]
    [InlineData("tcp: [{addr: 'a:0'}]", "health.tcp[0].addr: must be host:port, such as redis.example.com:6379, not \"a:0\"")]
    public void Read_refuses_a_check_that_cannot_be(string keys, string problem) =>
        Assert.Contains($"config.yml:3: {problem}", Read(keys).Errors.Select(e => e.Describe("config.yml")));

    private static ConfigurationResult<RegistryConfiguration> Read(string keys) =>
        ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhealth: {{{keys}}}\n");
}
