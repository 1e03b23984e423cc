using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks;

/// <summary>Starts our registry and Docker's in turn on one bucket, and prints what they need.</summary>
internal static class Footprint
{
    private const string Bucket = "benchmark";

    /// <summary>What the project promises: ready in under 0.3 s, idle in under 40 MB.</summary>
    private const double GoalSeconds = 0.3;
    private const double GoalMegabytes = 40;

    public static async Task<int> RunAsync(string? binary, int runs, TextWriter output, CancellationToken ct)
    {
        await using S3Server s3 = await S3Server.StartAsync(Console.Error.WriteLine, ct);
        await s3.CreateBucketAsync(Bucket, encrypted: true, ct);
        var candidates = new List<Candidate> { new("LocalRegistry", binary ?? await RegistryBinary.BuildAsync(ct)) };
        if (await InstalledProgram.ExistsAsync(Candidate.Docker, ct))
        {
            candidates.Add(new Candidate("Docker's registry", Candidate.Docker));
        }

        var samples = candidates.ToDictionary(c => c, _ => new List<Sample>());
        string config = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(config, ConfigFor(s3), ct);

            // In turn, so that what else the machine does hits all alike. The first of each only warms the page cache.
            for (int run = 0; run <= runs; run++)
            {
                foreach (Candidate candidate in candidates)
                {
                    Sample sample = await candidate.MeasureAsync(config, ct);
                    if (run > 0)
                    {
                        samples[candidate].Add(sample);
                    }
                }
            }
        }
        finally
        {
            File.Delete(config);
        }

        await output.WriteLineAsync($"{runs} starts each, median (worst); the goal is ready < {GoalSeconds:0.0} s, idle < {GoalMegabytes:0} MB");
        foreach (Candidate candidate in candidates)
        {
            await new Summary(samples[candidate]).WriteAsync(candidate.Name, output);
        }

        if (candidates.Count == 2)
        {
            await new Summary(samples[candidates[1]]).WriteRatiosAsync(new Summary(samples[candidates[0]]), output);
        }

        return 0;
    }

    private static string ConfigFor(S3Server s3) => $$"""
        version: 0.1
        log:
          level: error
          accesslog: {disabled: true}
        storage:
          cache: {blobdescriptor: inmemory}
          s3:
            region: us-east-1
            regionendpoint: {{s3.Endpoint}}
            accesskey: {{S3Server.AccessKey}}
            secretkey: {{S3Server.SecretKey}}
            bucket: {{Bucket}}
            encrypt: true
            secure: false
            v4auth: true
            rootdirectory: /myroot
        http:
          headers: {X-Content-Type-Options: [nosniff]}
        """;
}
