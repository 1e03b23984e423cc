using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Telemetry;

/// <summary>A collector of traces that keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, string Headers, string Body)> _calls = new();

    private OtlpReceiver(WebApplication server) => _server = server;

    public Uri Url => new(_server.Urls.First());

    /// <summary>Path, headers and body of each call; a body's bytes are characters, so texts and numbers in it can be looked for.</summary>
    public IReadOnlyCollection<(string Path, string Headers, string Body)> Calls => _calls;

    public static async Task<OtlpReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.Run(receiver.TakeAsync);
        await receiver._server.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string headers = string.Join('\n', context.Request.Headers.Select(h => $"{h.Key}: {h.Value}"));
        _calls.Enqueue((context.Request.Path, headers, Encoding.Latin1.GetString(body.ToArray())));
    }
}
