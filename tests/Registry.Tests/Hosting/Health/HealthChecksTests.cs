using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Hosting.Health;

public sealed class HealthChecksTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_makes_the_registry_unhealthy_while_it_is_there_and_it_serves_on()
    {
        string folder = Directory.CreateTempSubdirectory("health-").FullName;
        string file = Path.Combine(folder, "maintenance");
        try
        {
            await using TestRegistry registry = await StartAsync(h => h with { Files = [new FileHealthCheck(file, Interval)] });
            (HttpStatusCode, string) before = await HealthAsync(registry);
            await File.WriteAllTextAsync(file, "", Token);
            await BecomesAsync(registry, HttpStatusCode.ServiceUnavailable);
            (_, string body) = await HealthAsync(registry);
            using HttpResponseMessage served = await registry.GetAsync("/v2/_catalog");
            File.Delete(file);
            await BecomesAsync(registry, HttpStatusCode.OK);

            Assert.Equal((HttpStatusCode.OK, "{}"), before);
            Assert.Equal($$"""{"{{file}}":"file exists"}""", body);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_url_has_to_give_its_status_within_its_time_to_the_request_that_is_asked_for()
    {
        int status = 204;
        var silence = new SemaphoreSlim(0);
        bool isSilent = false;
        var requests = new ConcurrentQueue<string>();
        await using WebApplication server = await ServeAsync(async context =>
        {
            requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization}");
            context.Response.StatusCode = status;
            if (isSilent)
            {
                await silence.WaitAsync(context.RequestAborted);
            }
        });
        string uri = $"{server.Urls.First()}/ping?a=b";
        var check = new HttpHealthCheck(uri, new Dictionary<string, IReadOnlyList<string>> { ["Authorization"] = ["Bearer secret"] }, 204, Timeout, Interval, 1);
        await using TestRegistry registry = await StartAsync(h => h with { Http = [check] });
        await Eventually.HoldsAsync(() => Task.FromResult(!requests.IsEmpty), "the URL was asked");
        (HttpStatusCode, string) before = await HealthAsync(registry);

        status = 500;
        await BecomesAsync(registry, HttpStatusCode.ServiceUnavailable);
        (_, string wrongStatus) = await HealthAsync(registry);
        status = 204;
        await BecomesAsync(registry, HttpStatusCode.OK);
        isSilent = true;
        await BecomesAsync(registry, HttpStatusCode.ServiceUnavailable);
        (_, string noAnswer) = await HealthAsync(registry);

        Assert.Equal((HttpStatusCode.OK, "{}"), before);
        Assert.Equal($$"""{"{{uri}}":"the answer is 500, not 204"}""", wrongStatus);
        Assert.Equal($$"""{"{{uri}}":"there is no answer within 5 s"}""", noAnswer);
        Assert.All(requests, r => Assert.Equal("HEAD /ping?a=b Bearer secret", r));
    }

    [Fact]
    public async Task An_address_has_to_take_connections_and_the_threshold_counts_failures_in_a_row()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        int silentPort = Mirror.Node.StandInRegistry.FreePort();
        await using TestRegistry registry = await StartAsync(h => h with
        {
            Tcp =
            [
                new TcpHealthCheck($"127.0.0.1:{port}", "127.0.0.1", port, Timeout, Interval, 1),
                new TcpHealthCheck($"127.0.0.1:{silentPort}", "127.0.0.1", silentPort, Timeout, Interval, 3),
            ],
        });
        using TcpClient connection = await listener.AcceptTcpClientAsync(Token);
        (HttpStatusCode afterOne, _) = await HealthAsync(registry);

        await BecomesAsync(registry, HttpStatusCode.ServiceUnavailable);
        (_, string body) = await HealthAsync(registry);

        Assert.Equal(HttpStatusCode.OK, afterOne);
        Assert.Equal($$"""{"127.0.0.1:{{silentPort}}":"the connection failed: Connection refused"}""", body);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }

    private Task<TestRegistry> StartAsync(Func<HealthConfiguration, HealthConfiguration> configure) => TestRegistry.StartAsync(
        c => c with
        {
            Http = c.Http with { DebugAddress = new ListenAddress(IPAddress.Loopback, 0) },
            Health = configure(new HealthConfiguration()),
        },
        services => services.AddSingleton<TimeProvider>(_time));

    // The clock goes on until it is so: by intervals, which are longer than the time that a check may take.
    private Task BecomesAsync(TestRegistry registry, HttpStatusCode status) => Eventually.HoldsAsync(
        async () =>
        {
            _time.Advance(Interval);
            return (await HealthAsync(registry)).Status == status;
        },
        $"the health is {status}");

    private static async Task<(HttpStatusCode Status, string Body)> HealthAsync(TestRegistry registry)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri(registry.DebugUrl!, "/debug/health"), Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
