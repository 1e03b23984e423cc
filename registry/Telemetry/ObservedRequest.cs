using System.Diagnostics;
using LocalRegistry.Registry.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>A request that is counted or traced, from its beginning to its end.</summary>
internal sealed class ObservedRequest
{
    private readonly HttpContext _context;
    private readonly RegistryMetrics? _metrics;
    private readonly Activity? _activity;
    private readonly CountingReader? _received;
    private readonly CountingWriter? _sent;
    private string? _handler;

    public ObservedRequest(HttpContext context, RegistryMetrics? metrics, Activity? activity)
    {
        _context = context;
        _metrics = metrics;
        _activity = activity;
        context.Features.Set(this);
        if (metrics is not null)
        {
            _received = new CountingReader(context.Request.BodyReader);
            _sent = new CountingWriter(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
            context.Features.Set<IRequestBodyPipeFeature>(_received);
            context.Features.Set<IHttpResponseBodyFeature>(_sent);
        }
    }

    /// <summary>Says for which endpoint a request is, if it is observed.</summary>
    public static void IsFor(HttpContext context, RouteKind kind) => context.Features.Get<ObservedRequest>()?.IsFor(kind);

    /// <summary>Says that it has ended.</summary>
    public void End(TimeSpan duration)
    {
        int status = _context.Response.StatusCode;
        if (_handler is not null)
        {
            _metrics?.RequestEnded(_handler, _context.Request.Method, status, duration, _received!.Count, _sent!.Count);
        }

        if (_activity is not null)
        {
            _activity.SetTag("http.response.status_code", status);
            if (status >= StatusCodes.Status500InternalServerError)
            {
                _activity.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private void IsFor(RouteKind kind)
    {
        _handler = HandlerName.Of(kind);
        if (_handler is null)
        {
            return;
        }

        _metrics?.RequestBegan(_handler);
        if (_activity is not null)
        {
            _activity.DisplayName = $"{MethodName.ForSpan(_context.Request.Method)} {_handler}";
            _activity.SetTag("registry.handler", _handler);
        }
    }
}
