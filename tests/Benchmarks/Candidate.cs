using System.Diagnostics;
using System.Globalization;
using System.Net;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks;

/// <summary>A registry to measure.</summary>
/// <param name="Name">What it is called in the output.</param>
/// <param name="Program">Its executable.</param>
internal sealed record Candidate(string Name, string Program)
{
    /// <summary>Docker's registry, by the name of Debian's package.</summary>
    public const string Docker = "docker-registry";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Starts it, measures, and ends it.</summary>
    public async Task<Sample> MeasureAsync(string config, CancellationToken ct)
    {
        string address = $"127.0.0.1:{FreePort.Find().ToString(CultureInfo.InvariantCulture)}";
        var start = new ProcessStartInfo(Program, ["serve", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REGISTRY_HTTP_ADDR"] = address;

        // The old AWS SDK of Docker's registry takes the bundle for its only trust and then fails over plain http too.
        start.Environment.Remove("AWS_CA_BUNDLE");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            while (!await AnswersAsync(client, "/v2/", HttpStatusCode.OK, deadline.Token))
            {
                await Task.Delay(1, deadline.Token);
            }

            double ready = clock.Elapsed.TotalMilliseconds;
            ProcessMemory idle = ProcessMemory.Of(process.Id);
            return await AnswersAsync(client, "/v2/absent/manifests/latest", HttpStatusCode.NotFound, deadline.Token)
                ? new Sample(ready, idle, ProcessMemory.Of(process.Id))
                : throw new InvalidOperationException($"{Name} does not reach S3");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path, HttpStatusCode expected, CancellationToken ct)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), ct);
            return response.StatusCode == expected;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
