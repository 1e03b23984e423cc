using System.Globalization;
using Prometheus;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>
/// What the registry counts (<c>http.debug.prometheus</c>). Names, labels and buckets that begin with <c>registry_</c> are those of Docker's
/// registry, so that its dashboards work; docs/operations.md describes each. No label's values come from clients.
/// </summary>
internal sealed class RegistryMetrics
{
    // Docker's go-metrics has these for all handlers, and Prometheus' defaults for the store.
    private static readonly double[] DurationBuckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60];
    private static readonly double[] ActionBuckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];
    private static readonly double[] SizeBuckets = Histogram.ExponentialBuckets(1024, 2, 22);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _factory;
    private readonly string _driver;

    private readonly Gauge _inFlight;
    private readonly Counter _requests;
    private readonly Histogram _durations;
    private readonly Histogram _requestSizes;
    private readonly Histogram _responseSizes;
    private readonly Counter _received;
    private readonly Counter _sent;
    private readonly Histogram _actions;
    private readonly Counter _storageErrors;
    private readonly Counter _cache;
    private readonly Counter _s3Requests;
    private readonly Counter _s3Retries;

    /// <param name="driver">The storage driver, as Docker's registry calls it in metrics.</param>
    public RegistryMetrics(string driver)
    {
        _driver = driver;
        _factory = Metrics.WithCustomRegistry(_registry);
        // They would be made anew for each value, and the text format has no place for them.
        _factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        DotNetStats.Register(_registry);
        // The library has its own name for what dashboards know by this one.
        Gauge resident = _factory.CreateGauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        _registry.AddBeforeCollectCallback(() => resident.Set(Environment.WorkingSet));

        _inFlight = _factory.CreateGauge("registry_http_in_flight_requests", "The in-flight HTTP requests", ["handler"]);
        _requests = _factory.CreateCounter("registry_http_requests_total", "Total number of HTTP requests made.", ["code", "handler", "method"]);
        _durations = CreateHistogram("registry_http_request_duration_seconds", "The HTTP request latencies in seconds.", DurationBuckets, "handler", "method");
        _requestSizes = CreateHistogram("registry_http_request_size_bytes", "The HTTP request sizes in bytes.", SizeBuckets, "handler");
        _responseSizes = CreateHistogram("registry_http_response_size_bytes", "The HTTP response sizes in bytes.", SizeBuckets, "handler");
        _actions = CreateHistogram("registry_storage_action_seconds", "The number of seconds that the storage action takes", ActionBuckets, "action", "driver");
        _cache = _factory.CreateCounter("registry_storage_cache_total", "The number of cache request received", ["type"]);

        _received = _factory.CreateCounter("localregistry_http_received_bytes_total", "Bytes of bodies that clients have sent.", ["handler"]);
        _sent = _factory.CreateCounter("localregistry_http_sent_bytes_total", "Bytes of bodies that clients were sent.", ["handler"]);
        _storageErrors = _factory.CreateCounter("localregistry_storage_errors_total", "Storage actions that failed.", ["action", "driver"]);
        _s3Requests = _factory.CreateCounter(
            "localregistry_s3_requests_total", "HTTP requests to S3, retries included, by operation and the status of the answer.", ["operation", "code"]);
        _s3Retries = _factory.CreateCounter("localregistry_s3_retries_total", "HTTP requests to S3 that were tried again, by operation.", ["operation"]);
        string version = typeof(RegistryMetrics).Assembly.GetName().Version!.ToString(3);
        _factory.CreateGauge("localregistry_build_info", "1; the label says which version of the registry runs.", ["version"]).WithLabels(version).Set(1);

        // A first increase is seen only of what was there at zero.
        foreach (string handler in HandlerName.All)
        {
            _inFlight.WithLabels(handler);
            _received.WithLabels(handler);
            _sent.WithLabels(handler);
        }
    }

    /// <summary>Counts a request to an endpoint that has begun.</summary>
    public void RequestBegan(string handler) => _inFlight.WithLabels(handler).Inc();

    /// <summary>Counts a request to an endpoint that has ended.</summary>
    public void RequestEnded(string handler, string method, int status, TimeSpan duration, long received, long sent)
    {
        string code = status.ToString(CultureInfo.InvariantCulture);
        string methodName = MethodName.ForMetric(method);
        _inFlight.WithLabels(handler).Dec();
        _requests.WithLabels(code, handler, methodName).Inc();
        _durations.WithLabels(handler, methodName).Observe(duration.TotalSeconds);
        _requestSizes.WithLabels(handler).Observe(received);
        _responseSizes.WithLabels(handler).Observe(sent);
        _received.WithLabels(handler).Inc(received);
        _sent.WithLabels(handler).Inc(sent);
    }

    /// <summary>Counts an action of the storage driver.</summary>
    public void Acted(string action, TimeSpan duration, bool failed)
    {
        _actions.WithLabels(action, _driver).Observe(duration.TotalSeconds);
        if (failed)
        {
            _storageErrors.WithLabels(action, _driver).Inc();
        }
    }

    /// <summary>Counts a question to the memory of what repositories hold.</summary>
    public void CacheAsked(bool hit)
    {
        _cache.WithLabels("Request").Inc();
        _cache.WithLabels(hit ? "Hit" : "Miss").Inc();
    }

    /// <summary>Counts an HTTP request to S3.</summary>
    /// <param name="operation">What S3 calls it.</param>
    /// <param name="code">The answer's status, or a word for why there is none.</param>
    /// <param name="isRetry">Whether it was tried before.</param>
    public void S3Asked(string operation, string code, bool isRetry)
    {
        _s3Requests.WithLabels(operation, code).Inc();
        if (isRetry)
        {
            _s3Retries.WithLabels(operation).Inc();
        }
    }

    /// <summary>Reports how many uploads are open.</summary>
    public void WatchUploads(Func<int> open)
    {
        Gauge gauge = _factory.CreateGauge("localregistry_uploads_open", "Uploads that are open on this process.");
        _registry.AddBeforeCollectCallback(() => gauge.Set(open()));
    }

    /// <summary>Counts what the node's cache does.</summary>
    /// <param name="limit">The most bytes of the cache.</param>
    public CacheMetrics AddCache(long limit) => new(_registry, _factory, limit);

    /// <summary>Reports how often images of each mirrored host were asked for.</summary>
    public void WatchMirrors(Func<IEnumerable<KeyValuePair<string, long>>> requests)
    {
        Counter counter = _factory.CreateCounter(
            "localregistry_mirrored_requests_total", "Requests for manifests and blobs of a mirrored host, by its entry in mirrors.yml.", ["host"]);
        _registry.AddBeforeCollectCallback(() =>
        {
            foreach ((string host, long count) in requests())
            {
                counter.WithLabels(host).IncTo(count);
            }
        });
    }

    /// <summary>Writes all of it in Prometheus' text format, version 0.0.4.</summary>
    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);

    private Histogram CreateHistogram(string name, string help, double[] buckets, params string[] labels) =>
        _factory.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = buckets });
}
