using System.Net;
using LocalRegistry.Registry.Telemetry;
using Xunit;

namespace LocalRegistry.Registry.Tests.Telemetry;

public sealed class S3RequestCounterTests
{
    [Fact]
    public async Task Each_attempt_is_counted_by_its_answer_and_later_ones_as_retries()
    {
        var metrics = new RegistryMetrics("s3aws");
        var answers = new Queue<Func<HttpResponseMessage>>([
            () => throw new HttpRequestException("no route"),
            () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
            () => new HttpResponseMessage(HttpStatusCode.OK),
        ]);
        using var client = new HttpClient(new S3RequestCounter(metrics, new Answers(answers)));

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(client, "attempt=1; max=4"));
        await AskAsync(client, "attempt=2; max=4");
        await AskAsync(client, "attempt=3; max=4");

        using var text = new MemoryStream();
        await metrics.WriteAsync(text, TestContext.Current.CancellationToken);
        var scrape = new Scrape(System.Text.Encoding.UTF8.GetString(text.ToArray()));
        Assert.Equal(1, scrape["""localregistry_s3_requests_total{operation="GetObject",code="unreachable"}"""]);
        Assert.Equal(1, scrape["""localregistry_s3_requests_total{operation="GetObject",code="503"}"""]);
        Assert.Equal(1, scrape["""localregistry_s3_requests_total{operation="GetObject",code="200"}"""]);
        Assert.Equal(2, scrape["""localregistry_s3_retries_total{operation="GetObject"}"""]);
    }

    private static async Task AskAsync(HttpClient client, string attempt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://s3.example.com/bucket/key");
        Assert.True(request.Headers.TryAddWithoutValidation("amz-sdk-request", attempt));
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class Answers(Queue<Func<HttpResponseMessage>> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answers.Dequeue()());
    }
}
