using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class EnvironmentOverridesTests
{
    private const string File = "version: 0.1\nstorage:\n  s3: {region: us-east-1, bucket: one}\nhttp:\n  headers: {X-One: [a, b]}\n";

    [Fact]
    public void Override_replaces_a_key_of_the_file() =>
        Assert.Equal("other", S3(Read(("REGISTRY_STORAGE_S3_BUCKET", "other"))).Bucket);

    [Fact]
    public void Override_creates_sections_on_the_way()
    {
        RegistryConfiguration configuration = Read(("REGISTRY_HEALTH_STORAGEDRIVER_ENABLED", "true"), ("REGISTRY_HTTP_DEBUG_ADDR", "127.0.0.1:5001"));

        Assert.True(configuration.Health.StorageDriver);
        Assert.Equal("127.0.0.1:5001", configuration.Http.DebugAddress!.ToString());
    }

    [Fact]
    public void Override_value_is_yaml() =>
        Assert.True(Read(("REGISTRY_STORAGE_MAINTENANCE_READONLY", "{\"enabled\": true}")).Storage.ReadOnly);

    [Fact]
    public void Override_of_the_storage_names_the_driver_and_children_follow()
    {
        RegistryConfiguration configuration = Read(("REGISTRY_STORAGE", "filesystem"), ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/data"));

        Assert.Equal(new FileSystemDriver { RootDirectory = "/data" }, configuration.Storage.Driver);
    }

    [Fact]
    public void Override_finds_a_key_with_hyphens_and_indexes_a_list()
    {
        RegistryConfiguration configuration = Read(("REGISTRY_HTTP_HEADERS_X-ONE_1", "c"), ("REGISTRY_HTTP_HEADERS_X-ONE_2", "d"));

        Assert.Equal(["a", "c", "d"], configuration.Http.Headers["X-One"]);
    }

    [Theory]
    [InlineData("REGISTRY_HTTP_HEADERS_X-ONE_9", "c", "REGISTRY_HTTP_HEADERS_X-ONE_9: the list has only 2 entries")]
    [InlineData("REGISTRY_HTTP_HEADERS_X-ONE_X", "c", "REGISTRY_HTTP_HEADERS_X-ONE_X: \"X\" is not an index into a list")]
    [InlineData("REGISTRY_STORAGE_GCS_BUCKET", "c", "is a storage driver that is not supported; use s3, filesystem, inmemory (set by REGISTRY_STORAGE_GCS_BUCKET)")]
    [InlineData("REGISTRY_STORAGE_S3_SPEED", "9", "is not a key of the registry's configuration (set by REGISTRY_STORAGE_S3_SPEED)")]
    [InlineData("REGISTRY_STORAGE_S3_ENCRYPT", "perhaps", "must be one of true, false, yes, no, on, off, not \"perhaps\" (set by REGISTRY_STORAGE_S3_ENCRYPT)")]
    [InlineData("REGISTRY_LOG_LEVEL", "[", "REGISTRY_LOG_LEVEL is not valid YAML")]
    public void Override_that_cannot_be_is_refused_by_its_name(string name, string value, string message)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(File, new Dictionary<string, string> { [name] = value });

        ConfigurationProblem problem = Assert.Single(result.Errors);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.Null(problem.Line);
    }

    [Fact]
    public void Override_that_adds_a_second_driver_says_so()
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(File, new Dictionary<string, string> { ["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"] = "/x" });

        Assert.Contains("s3 and filesystem", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REGISTRY_PORT", "tcp://10.0.0.1:80")]
    [InlineData("REGISTRY_HTTP_SERVICE_HOST", "10.0.0.1")]
    public void Override_of_a_service_link_is_only_a_warning(string name, string value)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(File, new Dictionary<string, string> { [name] = value });

        Assert.Empty(result.Errors);
        Assert.Contains(name, Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_variables_and_the_files_own_are_passed_over()
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(
            File, new Dictionary<string, string> { ["PATH"] = "/bin", ["REGISTRY_CONFIGURATION_PATH"] = "/x", ["REGISTRY_"] = "y" });

        Assert.True(result.IsValid);
        Assert.Empty(result.Warnings);
    }

    private static S3Driver S3(RegistryConfiguration configuration) => Assert.IsType<S3Driver>(configuration.Storage.Driver);

    private static RegistryConfiguration Read(params (string Name, string Value)[] variables)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(File, variables.ToDictionary(v => v.Name, v => v.Value));
        Assert.Empty(result.Errors);
        return result.Value!;
    }
}
