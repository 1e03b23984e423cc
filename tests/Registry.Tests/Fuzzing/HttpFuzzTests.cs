using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;
using LocalRegistry.Registry.Http;
using LocalRegistry.Registry.Tests.Http;
using LocalRegistry.Registry.Tests.Mirror;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Random requests over real connections: each is answered, none is the registry's fault, and whatever it refuses it refuses as the specification says.</summary>
public sealed class HttpFuzzTests
{
    private const string Repository = "fuzz/repo";

    private static readonly HashSet<(string Code, int Status)> Errors =
    [
        .. typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<ErrorCode>().Where(e => e.Status < 500).Select(e => (e.Code, e.Status)),
        // What the server says of a body that it cannot read.
        ("UNSUPPORTED", 400), ("UNSUPPORTED", 408), ("UNSUPPORTED", 413),
    ];

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_is_answered_and_never_by_a_failure(bool standsIn)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(
            c => c with { Storage = c.Storage with { DeleteEnabled = true } },
            mirrors: standsIn ? TestMirrors.Of(("docker.io", ""), ("a.example:5000", "mirror/a"), ("*", "mirror/all")) : null);
        string digest = await registry.PushBlobAsync(Repository, [1, 2, 3]);
        await Property.HoldsAsync(
            HttpRequestGen.Requests,
            async request =>
            {
                // Requests delete too: what the path speaks of is there each time.
                string upload = "x";
                if (request.Head.Contains(HttpRequestGen.Upload, StringComparison.Ordinal))
                {
                    upload = (await registry.BeginUploadAsync(Repository)).Split('/')[^1];
                }

                string head = request.Head.Replace(HttpRequestGen.Digest, digest, StringComparison.Ordinal).Replace(HttpRequestGen.Upload, upload, StringComparison.Ordinal);
                string answer = await SendAsync(registry.Url, head, request.Body);
                AssertAnswer(answer, head.StartsWith("HEAD ", StringComparison.Ordinal));
            },
            1000,
            r => Property.Print(r.Head));

        // It goes on.
        await registry.PushImageAsync(Repository, "after");
        using HttpResponseMessage tags = await registry.GetAsync($"/v2/{Repository}/tags/list");
        Assert.Equal(200, (int)tags.StatusCode);
    }

    private static async Task<string> SendAsync(Uri server, string head, byte[] body)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port, deadline.Token);
        NetworkStream stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. body], deadline.Token);
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException) when (answer.Length > 0)
        {
            // A server that has answered need not read what is left of the request, and the connection may end by a reset then.
        }

        return Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    private static void AssertAnswer(string answer, bool isHead)
    {
        while (answer.StartsWith("HTTP/1.1 100", StringComparison.Ordinal))
        {
            answer = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        }

        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        int status = int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        int end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string[] head = answer[..end].Split("\r\n");
        string body = answer[(end + 4)..];
        Assert.InRange(status, 200, 499);
        string? length = head.FirstOrDefault(h => h.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        Assert.True(isHead || length is null || length["Content-Length: ".Length..] == body.Length.ToString(CultureInfo.InvariantCulture), "the length is what it says");
        Assert.All(head.Skip(1), h => Assert.Matches("^[!-9;-~]+: [ -~\u0080-\u00ff]*\\z", h));
        if (status < 400 || isHead)
        {
            return;
        }

        // Not the registry but the server before it refuses what is no request.
        bool isRegistrys = head.Any(h => h.StartsWith("Docker-Distribution-API-Version: registry/2.0", StringComparison.OrdinalIgnoreCase));
        if (!isRegistrys)
        {
            Assert.Empty(body);
            return;
        }

        using JsonDocument document = JsonDocument.Parse(Encoding.Latin1.GetBytes(body));
        string code = document.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!;
        ResponseAssertions.AssertError(document.RootElement, code);
        Assert.Contains((code, status), Errors);
    }
}
