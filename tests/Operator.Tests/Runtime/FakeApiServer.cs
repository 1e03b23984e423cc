using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using k8s;
using LocalRegistry.Operator.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LocalRegistry.Operator.Tests.Runtime;

/// <summary>An API server that misbehaves when told to, for what a real one cannot be brought to do on time.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Kubernetes _client;

    private FakeApiServer(WebApplication app)
    {
        _app = app;
        _app.Run(AnswerAsync);
        _app.Start();
        _client = new Kubernetes(new KubernetesClientConfiguration { Host = _app.Urls.First() });
        Api = new KubernetesApi(_client, NullLogger<KubernetesApi>.Instance);
    }

    public KubernetesApi Api { get; }

    public IKubernetes Client => _client;

    /// <summary>Answers a request that is no watch: status and body.</summary>
    public Func<HttpRequest, string, (int Status, string Body)> Answer { get; set; } = (_, _) => (404, """{"kind": "Status", "code": 404, "reason": "NotFound"}""");

    /// <summary>Every watch that was begun, in order. A line that is written to one is sent; completing it ends the connection, with an exception it is cut.</summary>
    public Channel<Watch> Watches { get; } = Channel.CreateUnbounded<Watch>();

    /// <summary>Method, path and query of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static FakeApiServer Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return new FakeApiServer(builder.Build());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        context.Response.ContentType = "application/json";
        if (context.Request.Query["watch"] != "true")
        {
            using var reader = new StreamReader(context.Request.Body);
            (int status, string body) = Answer(context.Request, await reader.ReadToEndAsync(context.RequestAborted));
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body, context.RequestAborted);
            return;
        }

        var watch = new Watch(context.Request.Query["resourceVersion"]!, Channel.CreateUnbounded<string>());
        await context.Response.StartAsync(context.RequestAborted);
        await Watches.Writer.WriteAsync(watch, context.RequestAborted);
        try
        {
            await foreach (string line in watch.Lines.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(line + "\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (IOException)
        {
            context.Abort();
        }
    }

    internal sealed record Watch(string ResourceVersion, Channel<string> Lines)
    {
        public void Send(string line) => Assert.True(Lines.Writer.TryWrite(line));
    }
}
