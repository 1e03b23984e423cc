using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Tests.Runtime;
using LocalRegistry.Registry.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Operator.Tests.Telemetry;

/// <summary>The whole operator in this process, over an API server that has some resources and a lease.</summary>
internal sealed class OperatorFixture : IAsyncDisposable
{
    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly ConcurrentDictionary<string, V1Alpha1LocalRegistry> _registries = new();
    private readonly WebApplication _app;
    private JsonNode? _lease;

    private OperatorFixture(string? leader, IEnumerable<V1Alpha1LocalRegistry> registries)
    {
        foreach (V1Alpha1LocalRegistry registry in registries)
        {
            _registries[registry.Name()] = registry;
        }

        if (leader is not null)
        {
            _lease = JsonNode.Parse(
                $$$"""{"metadata": {"name": "localregistry-operator"}, "spec": {"holderIdentity": "{{{leader}}}", "leaseDurationSeconds": 3600, "renewTime": "2099-01-01T00:00:00.000000Z", "acquireTime": "2099-01-01T00:00:00.000000Z"}}""");
        }

        _server.Answer = Answer;
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Critical");
        var options = new OperatorOptions(new RegistryImage("registry"), null, "operators", "me", new ListenAddress(IPAddress.Loopback, 0));
        _app = OperatorHost.Build(options, new KubernetesClientConfiguration { Host = _server.Client.BaseUri.ToString() });
    }

    /// <summary>Answers a request before this fixture does; null leaves it to it.</summary>
    private Func<HttpRequest, string, (int Status, string Body)?> First { get; init; } = (_, _) => null;

    private IServiceProvider Services => _app.Services;

    public Uri Url => new(_app.Urls.First());

    /// <param name="leader">Who holds the lease for the next hour; null if nobody does.</param>
    /// <param name="registries">The cluster's resources.</param>
    public static Task<OperatorFixture> StartAsync(string? leader, params V1Alpha1LocalRegistry[] registries) => StartAsync(leader, (_, _) => null, registries);

    /// <inheritdoc cref="StartAsync(string?, V1Alpha1LocalRegistry[])"/>
    public static async Task<OperatorFixture> StartAsync(
        string? leader, Func<HttpRequest, string, (int Status, string Body)?> first, params V1Alpha1LocalRegistry[] registries)
    {
        var fixture = new OperatorFixture(leader, registries) { First = first };
        await fixture._app.StartAsync(TestContext.Current.CancellationToken);
        return fixture;
    }

    /// <summary>Scrapes until a scrape is as it should be.</summary>
    public async Task<Scrape> ScrapeAsync(Func<Scrape, bool> until)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            Scrape scrape = await Scrape.OfAsync(Url, deadline.Token);
            if (until(scrape))
            {
                return scrape;
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    /// <summary>Makes a request in the operator's name, which the server of this fixture answers.</summary>
    public async Task AskAwsAsync(AwsOperation operation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Client.BaseUri);
        request.Options.Set(AwsOperation.Key, operation);
        using HttpResponseMessage response = await Services.GetRequiredService<AwsCalls>().Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Deletes a resource, and has the operator hear of it.</summary>
    public async Task DeleteAsync(string name)
    {
        _registries.TryRemove(name, out V1Alpha1LocalRegistry? gone);
        await foreach (FakeApiServer.Watch watch in _server.Watches.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (watch.ResourceVersion == V1Alpha1LocalRegistry.KubePluralName)
            {
                watch.Send(KubernetesJson.Serialize(new { type = "DELETED", @object = gone }));
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    private (int Status, string Body) Answer(HttpRequest request, string body)
    {
        if (First(request, body) is { } answer)
        {
            return answer;
        }

        string path = request.Path;
        string kind = path.Split('/')[^1];
        lock (_registries)
        {
            if (path.Contains("/leases", StringComparison.Ordinal))
            {
                _lease = request.Method is "POST" or "PUT" ? JsonNode.Parse(body) : _lease;
                return _lease is null ? (404, """{"kind": "Status", "code": 404, "reason": "NotFound"}""") : (200, _lease.ToJsonString());
            }
        }

        return request.Method == "GET"
            ? (200, KubernetesJson.Serialize(new
            {
                // A list's version tells its watch from those of the other kinds.
                metadata = new { resourceVersion = kind },
                items = kind switch
                {
                    V1Alpha1LocalRegistry.KubePluralName => _registries.Values.ToArray<object>(),
                    "daemonsets" => _registries.Values.Select(SampleMirrors.DaemonSet).ToArray<object>(),
                    "pods" => _registries.Values.SelectMany(SampleMirrors.Pods).ToArray<object>(),
                    _ => [],
                },
            }))
            : (200, body);
    }
}
