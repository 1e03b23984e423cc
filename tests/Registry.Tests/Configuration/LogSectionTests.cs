using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class LogSectionTests
{
    [Theory]
    [InlineData("log: {fields: {'a b': c}}", "log.fields: \"a b\" cannot be a field's name: it has letters, digits, \"-\", \".\", \"_\", \"/\" and \"@\"")]
    [InlineData("log: {fields: {'a=b': c}}", "log.fields: \"a=b\" cannot be a field's name: it has letters, digits, \"-\", \".\", \"_\", \"/\" and \"@\"")]
    [InlineData("log: {hooks: [{type: mail}]}", "log.hooks: is not supported: the registry sends no mail; let what collects the log do it, and remove it")]
    [InlineData("log: {reportcaller: true}", "log.reportcaller: is not supported: what a program compiled ahead of time keeps of its source is not enough to say; remove it")]
    [InlineData("log: {level: trace}", "log.level: must be one of error, warn, info, debug, not \"trace\"")]
    [InlineData("log: {formatter: xml}", "log.formatter: must be one of text, json, logstash, not \"xml\"")]
    public void Read_refuses_what_it_cannot_do(string key, string problem) => Assert.Contains(
        $"config.yml:3: {problem}", ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\n{key}\n").Errors.Select(e => e.Describe("config.yml")));
}
