using System.Net;
using System.Text;

namespace LocalRegistry.Benchmarks.Clients;

/// <summary>Requests as they go over the wire, made before the clock runs.</summary>
internal static class HttpRequest
{
    // All that a client of images may get.
    private const string Accept =
        "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, " +
        "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, */*";

    public static byte[] Get(IPEndPoint host, string path) => Make("GET", host, path, $"Accept: {Accept}\r\n");

    public static byte[] Head(IPEndPoint host, string path) => Make("HEAD", host, path, $"Accept: {Accept}\r\n");

    public static byte[] Range(IPEndPoint host, string path, long first, long length) =>
        Make("GET", host, path, FormattableString.Invariant($"Range: bytes={first}-{first + length - 1}\r\n"));

    public static byte[] Post(IPEndPoint host, string path) => Make("POST", host, path, "Content-Length: 0\r\n");

    public static byte[] Delete(IPEndPoint host, string path) => Make("DELETE", host, path, "");

    /// <summary>The head of a PUT; the content follows it.</summary>
    public static byte[] Put(IPEndPoint host, string path, long length, string mediaType = "application/octet-stream") =>
        Make("PUT", host, path, FormattableString.Invariant($"Content-Type: {mediaType}\r\nContent-Length: {length}\r\n"));

    private static byte[] Make(string method, IPEndPoint host, string path, string headers) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
}
