using LocalRegistry.Registry.Checks;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

public sealed class StoreCheckTests
{
    [Theory]
    [InlineData(true, "ReadOnly")]
    [InlineData(false, "ReadWrite")]
    public async Task Run_on_a_store_that_works_passes(bool isReadOnly, string access)
    {
        CheckReport report = await RunAsync(new InMemoryDriver(), isReadOnly);

        Assert.True(report.Passed);
        Assert.Equal(access, report.Access);
        Assert.Equal(("Storage", CheckOutcome.Passed), (Assert.Single(report.Checks).Name, report.Checks[0].Outcome));
    }

    [Fact]
    public async Task Run_on_a_folder_that_cannot_be_made_fails_and_says_which()
    {
        string file = Path.GetTempFileName();

        CheckReport report = await RunAsync(new FileSystemDriver { RootDirectory = $"{file}/root" });

        CheckResult result = Assert.Single(report.Checks);
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Contains(file, result.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Run_on_an_endpoint_that_nobody_listens_on_is_unknown_and_names_it()
    {
        using var unused = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        unused.Start();
        var endpoint = new Uri($"http://{unused.LocalEndpoint}");
        unused.Stop();

        CheckReport report = await RunAsync(new S3Driver
        {
            Bucket = "images",
            Region = "us-east-1",
            RegionEndpoint = endpoint,
            ForcePathStyle = true,
            AccessKey = "AK",
            SecretKey = "SK",
        });

        Assert.False(report.Passed);
        Assert.Equal("config", report.Identity!.Source);
        CheckResult list = report.Checks[^1];
        Assert.Equal(("ListBucket", CheckOutcome.Unknown), (list.Name, list.Outcome));
        Assert.Contains(endpoint.ToString().TrimEnd('/'), list.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SK", report.ToJson(), StringComparison.Ordinal);
    }

    private static Task<CheckReport> RunAsync(StorageDriver driver, bool isReadOnly = false) => StoreCheck.RunAsync(
        new RegistryConfiguration { Storage = new StorageConfiguration { Driver = driver, ReadOnly = isReadOnly } }, TestContext.Current.CancellationToken);
}
