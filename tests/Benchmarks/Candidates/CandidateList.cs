using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>Finds what can be measured on this machine.</summary>
internal static class CandidateList
{
    private const string DockerRegistry = "docker-registry";

    /// <summary>The candidates, ours first.</summary>
    /// <param name="binary">Our registry's executable.</param>
    /// <param name="distribution">An executable of Docker's registry 3; null for none.</param>
    /// <param name="only">The names asked for; all if empty.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<Candidate>> FindAsync(string binary, string? distribution, IReadOnlyCollection<string> only, CancellationToken ct)
    {
        string ours = await CommitAsync(ct);
        List<Candidate> all =
        [
            new(CandidateKind.Ours, Candidate.Ours, binary, ours),
            new(CandidateKind.OursCached, Candidate.OursCached, binary, ours),
            new(CandidateKind.Docker, "docker", DockerRegistry, await PackageAsync(DockerRegistry, ct)),
        ];
        if (distribution is not null)
        {
            string version = (await CommandLine.RunAsync(distribution, ["--version"], ct)).Output;
            all.Add(new(CandidateKind.Distribution, "distribution", distribution, version.Trim().Split(' ')[^1]));
        }

        all.Add(new(CandidateKind.Nginx, Candidate.Nginx, "/usr/sbin/nginx", await PackageAsync("nginx", ct)));
        all.Add(new(CandidateKind.S3, Candidate.S3, "", "radosgw"));
        if (only.FirstOrDefault(name => all.All(c => c.Name != name)) is { } unknown)
        {
            throw new CandidateException($"there is no candidate {unknown} here, but {string.Join(", ", all.Select(c => c.Name))}");
        }

        return [.. all.Where(c => only.Count == 0 || only.Contains(c.Name))];
    }

    private static async Task<string> CommitAsync(CancellationToken ct)
    {
        var options = new CommandOptions { AnyExitCode = true };
        string commit = (await CommandLine.RunAsync("git", ["-C", Repository.Root, "describe", "--always", "--dirty"], options, ct)).Output.Trim();
        return commit.Length > 0 ? commit : "unknown";
    }

    private static async Task<string> PackageAsync(string package, CancellationToken ct)
    {
        var options = new CommandOptions { AnyExitCode = true };
        string version = (await CommandLine.RunAsync("dpkg-query", ["--show", "--showformat", "${Version}", package], options, ct)).Output.Trim();
        return version.Length > 0 ? version : "unknown";
    }
}
