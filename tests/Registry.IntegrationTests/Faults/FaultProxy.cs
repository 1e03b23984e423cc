using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>Stands between a registry and S3, passes every call on as it comes, signature and all, and does to one what a rule says.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);
    private static readonly string[] OfTheConnection = ["Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<S3Call, int> _times = [];
    private readonly List<(S3Call Call, int Time)> _calls = [];
    private readonly Uri _endpoint;
    private readonly WebApplication _server;
    private int _hits;

    private FaultProxy(Uri endpoint)
    {
        _endpoint = endpoint;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_server.Urls.Single());

    /// <summary>What goes wrong; null for nothing.</summary>
    public FaultRule? Rule { get; set; }

    /// <summary>How many calls the rule has met.</summary>
    public int Hits => _hits;

    /// <summary>The calls so far, each with how often it had been made by then.</summary>
    public IReadOnlyList<(S3Call Call, int Time)> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public static async Task<FaultProxy> StartAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        var proxy = new FaultProxy(endpoint);
        await proxy._server.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _server.DisposeAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private Fault FaultOf(S3Call call)
    {
        lock (_calls)
        {
            int time = _times[call] = _times.GetValueOrDefault(call) + 1;
            _calls.Add((call, time));
            if (Rule?.Meets(call, time) != true)
            {
                return Fault.None;
            }

            _hits++;
            return Rule.Fault;
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        Fault fault = FaultOf(S3Call.Of(context.Request));
        try
        {
            switch (fault)
            {
                case Fault.SlowDown:
                    await RefuseAsync(context, 503, "SlowDown");
                    break;
                case Fault.InternalError:
                    await RefuseAsync(context, 500, "InternalError");
                    break;
                case Fault.TimeTooSkewed:
                    await RefuseAsync(context, 403, "RequestTimeTooSkewed");
                    break;
                case Fault.ErrorWithStatus200:
                    await RefuseAsync(context, 200, "InternalError");
                    break;
                case Fault.ResetBeforeAnswer:
                    context.Abort();
                    break;
                case Fault.ResetInRequest:
                    await TakeHalfAsync(context.Request);
                    context.Abort();
                    break;
                case Fault.Stall:
                    await StallAsync(context);
                    break;
                case Fault.StallInRequest:
                    await TakeHalfAsync(context.Request);
                    await StallAsync(context);
                    break;
                case Fault.SlowFirstByte:
                    await Task.Delay(Late, context.RequestAborted);
                    await PassOnAsync(context, fault);
                    break;
                default:
                    await PassOnAsync(context, fault);
                    break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException or HttpRequestException)
        {
            // Either end has gone, which the other is to learn.
            context.Abort();
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string code)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        byte[] body = HttpMethods.IsHead(context.Request.Method) ? [] : Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>The test says so.</Message><RequestId>1</RequestId></Error>");
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task TakeHalfAsync(HttpRequest request)
    {
        byte[] half = new byte[(request.ContentLength ?? 0) / 2];
        await request.Body.ReadExactlyAsync(half, request.HttpContext.RequestAborted);
    }

    private async Task StallAsync(HttpContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, gone.Token);
    }

    private async Task PassOnAsync(HttpContext context, Fault fault)
    {
        using HttpRequestMessage request = Copy(context.Request);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (fault == Fault.AnswerLost)
        {
            await response.Content.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers).Where(h => !OfTheConnection.Contains(h.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        context.Response.ContentLength = response.Content.Headers.ContentLength;
        if (fault is Fault.None or Fault.SlowFirstByte)
        {
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        await SpoilAsync(context, fault, await response.Content.ReadAsByteArrayAsync(context.RequestAborted));
    }

    private HttpRequestMessage Copy(HttpRequest request)
    {
        // What is signed is the target as it was sent.
        string target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var uri = new Uri(_endpoint.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (request.ContentLength is { } length)
        {
            copy.Content = new StreamContent(request.Body) { Headers = { ContentLength = length } };
        }

        // The host among them, which is signed as well.
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers.Where(h => !OfTheConnection.Contains(h.Key)))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                copy.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return copy;
    }

    private async Task SpoilAsync(HttpContext context, Fault fault, byte[] body)
    {
        HttpResponse response = context.Response;
        response.ContentLength = body.Length;
        ReadOnlyMemory<byte> half = body.AsMemory(0, body.Length / 2);
        switch (fault)
        {
            case Fault.Altered:
                body[0] ^= 1;
                await response.Body.WriteAsync(body, context.RequestAborted);
                return;
            case Fault.ShortBody:
                response.ContentLength = half.Length;
                await response.Body.WriteAsync(half, context.RequestAborted);
                return;
            case Fault.ChunksCut:
                response.ContentLength = null;
                break;
        }

        await response.Body.WriteAsync(half, context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        if (fault == Fault.StallInAnswer)
        {
            await StallAsync(context);
        }
        else if (fault != Fault.Truncated)
        {
            context.Abort();
        }
    }
}
