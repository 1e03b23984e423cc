namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>http</c> mean.</summary>
internal static class HttpTexts
{
    private const string Address = "`host:port`, the host an IP address, `localhost` or nothing";

    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("http.addr", "where the registry listens. In a `LocalRegistry` only the port counts: the operator binds 127.0.0.1") { Default = ":5000", Values = Address },
        new("http.net", "`unix` makes `http.addr` the absolute path of a socket: one that a dead process left is replaced, one that is listened on is refused, "
            + "and it is removed at the end"),
        new("http.prefix", "what all paths of the API begin with, a slash at both ends (`/registry/`); `/` alone is answered as well, for probes") { Default = "/", Values = "path" },
        new("http.host", "what `Location` headers begin with; a path in it stands in the place of `http.prefix`") { DefaultInWords = "the request's", Values = "URL" },
        new("http.relativeurls", "whether `Location` headers have paths only"),
        new("http.secret", "what registries share that serve one store behind one address: an upload may then go on at any of them, see below. Without it, an upload ends on the "
            + "process that it began on") { DefaultInWords = "none" },
        new("http.maxuploadsize", "the most bytes that a blob may have; a larger one is answered with 413 and nothing of it is kept. No key of Docker's registry") { DefaultInWords = "no limit" },
        new("http.headers", "added to every response") { DefaultInWords = "none" },
        new("http.draintimeout", "how long requests under way may go on after SIGTERM; at most 20 s in a `LocalRegistry`"),
        new("http.http2.disabled", "whether HTTP/2 is not spoken over TLS; without TLS, HTTP/1.1 is spoken"),
        new("http.debug.addr", "where `/debug/health`, metrics if they are enabled and, with `mirrors` in `mirrors.yml`, `/debug/mirrors` are answered")
        {
            DefaultInWords = "nowhere",
            Values = Address,
        },
        new("http.debug.prometheus.enabled", "whether there are [metrics](operations.md#metrics-of-the-registry) for Prometheus on `http.debug.addr`, which must be there"),
        new("http.debug.prometheus.path", "where; not below `/debug/`") { Default = "/metrics", Values = "path" },
        new("http.tls.certificate", "the server's certificate, with those between it and its root after it") { Values = "PEM file" },
        new("http.tls.key", "its private key, not encrypted") { Values = "PEM file" },
        new("http.tls.clientcas", "the authorities whose client certificates are good, up to their roots") { DefaultInWords = "none", Values = "list of PEM files" },
        new("http.tls.clientauth", "what clients must show: `require-any-client-cert` and `request-client-cert` verify nothing, those that verify need `clientcas`")
        {
            DefaultInWords = "`require-and-verify-client-cert` with `clientcas`, else nothing is asked for",
        },
        new("http.tls.minimumtls", "the oldest version of TLS that is spoken"),
    ];
}
