using System.Text;
using CsCheck;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Random HTTP requests, from such as clients send to such as nobody sends, each complete: a server can answer it.</summary>
internal static class HttpRequestGen
{
    /// <summary>Stands for a digest that is there.</summary>
    public const string Digest = "{digest}";

    /// <summary>Stands for the id of an upload that is open.</summary>
    public const string Upload = "{upload}";

    private static readonly string[] Methods = ["GET", "GET", "GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", "G\u00e9T", "X", "GET GET", ""];

    private static readonly string[] Parts =
    [
        "v2", "v2", "_catalog", "fuzz", "repo", "docker.io", "library", "a.example_5000", "tags", "list", "manifests", "blobs", "uploads", "referrers", "latest", Digest, Upload, "", ".", "..", "...", "%2e%2e", "%2E.",
        "%2f", "%00", "%", "%zz", "%ff", "%c3%a9", "\u00e9", "a%20b", "A", "_", "_manifests", "sha256:", "sha256:0", "sha512:" + "0123456789abcdef", "*", "?", "#", ";x=1", "\\", "~", "+", "\0", "\t", "localregistry", new('x', 300),
    ];

    private static readonly string[] Routes =
    [
        "/v2/", "/v2", "/", "/v2/_catalog", "/v2/fuzz/repo/tags/list", "/v2/fuzz/repo/manifests/latest", $"/v2/fuzz/repo/manifests/{Digest}", $"/v2/fuzz/repo/blobs/{Digest}", "/v2/fuzz/repo/blobs/uploads/",
        $"/v2/fuzz/repo/blobs/uploads/{Upload}", $"/v2/fuzz/repo/referrers/{Digest}", "/docker.io/v2/library/x/manifests/latest", "/v2/docker.io/x/tags/list", "*", "http://elsewhere.example/v2/", "v2/", "//v2//", "",
    ];

    private static readonly string[] QueryParts =
    [
        "n", "last", "digest", "mount", "from", "ns", "artifactType", "digest-algorithm", "tag", "=", "=", "=", "&", "&", "1", "0", "-1", "99999999999999", "x", Digest, "fuzz/repo", "docker.io", "*", "sha256", "md5",
        "%", "%zz", "%00", "%ff", "%26", "+", ";", "?", "\u00e9", new('q', 500),
    ];

    private static readonly string[] HeaderNames =
    [
        "Range", "If-Range", "If-None-Match", "If-Match", "Content-Type", "Content-Range", "Content-Encoding", "Accept", "Host", "X-Forwarded-Proto", "X-Forwarded-For", "Expect", "Authorization", "OCI-Tag", "Upgrade",
        "Connection", "Cookie", "Origin", "Docker-Content-Digest", "X", "X-\u00e9", "",
    ];

    private static readonly string[] HeaderParts =
    [
        "bytes", "=", "bytes=0-1", "0-", "-1", "-", "/", "*", "0-99999999999999999999", ",", "\"", "W/", Digest, "application/vnd.oci.image.manifest.v1+json", "application/json", "gzip", "https", "100-continue", "Basic ",
        "websocket", "h2c", "close", ":", ";", "registry", "a:b:c", "[::1", "99999", "\u00e9", "\0", "\t", " ", "%", new('h', 600),
    ];

    private static readonly Gen<string> Paths = Gen.Frequency(
        (3, Gen.OneOf(Routes)),
        (2, Texts.Mutated(Gen.OneOf(Routes))),
        (3, Gen.OneOf(Parts).Array[0, 7].Select(p => "/" + string.Join('/', p))),
        (2, Gen.OneOf(Parts).Array[0, 5].Select(p => "/v2/fuzz/repo/" + string.Join('/', p))));

    private static readonly Gen<string> Queries = Gen.Frequency((3, Gen.Const("")), (2, Texts.Of(8, QueryParts).Select(q => "?" + q)));

    private static readonly Gen<string> Headers = Gen.Select(Gen.OneOf(HeaderNames), Texts.Of(3, HeaderParts), (name, value) => $"{name}: {value}");

    private static readonly Gen<byte[]> Bodies = Gen.Frequency(
        (3, Gen.Const(Array.Empty<byte>())),
        (2, Gen.Byte.Array[0, 200]),
        (1, Gen.OneOf("{}", "{\"schemaVersion\":2,\"manifests\":[]}", "[", "null").Select(Encoding.UTF8.GetBytes)));

    /// <summary>Requests: the head as text, of which each character is a byte, and the body.</summary>
    public static Gen<(string Head, byte[] Body)> Requests { get; } = Gen.Select(Gen.OneOf(Methods), Paths, Queries, Headers.Array[0, 3], Bodies, (method, path, query, headers, body) =>
    {
        string[] lines =
        [
            $"{method} {path}{query} HTTP/1.1", "Host: registry", "Connection: close", .. headers,
            // The length is right: a server may wait for what a request promises.
            $"Content-Length: {body.Length}",
        ];
        // What ends a line ends the head, and the server would wait for another.
        return (string.Concat(lines.Select(l => OneLine(l) + "\r\n")) + "\r\n", body);
    });

    private static string OneLine(string text) => string.Concat(text.Where(c => c is not ('\r' or '\n')).Select(c => c < 256 ? c : '?'));
}
