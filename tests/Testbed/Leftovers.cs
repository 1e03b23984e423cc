namespace LocalRegistry.Testbed;

/// <summary>Removes containers and networks of test beds.</summary>
public static class Leftovers
{
    /// <summary>Removes everything of one test bed. Returns how many containers there were.</summary>
    public static async Task<int> RemoveAsync(BedName bed, CancellationToken ct)
    {
        var containers = await Docker.LinesAsync(["ps", "-aq", "--filter", $"label={Labels.Bed}={bed.Value}"], ct);
        if (containers.Length > 0)
        {
            await Docker.RunAsync(["rm", "--force", "--volumes", .. containers], ct);
        }

        var networks = await Docker.LinesAsync(["network", "ls", "-q", "--filter", $"label={Labels.Bed}={bed.Value}"], ct);
        if (networks.Length > 0)
        {
            await Docker.RunAsync(["network", "rm", .. networks], ct);
        }

        return containers.Length;
    }

    /// <summary>Removes the test beds whose process died before it could.</summary>
    internal static async Task RemoveAbandonedAsync(CancellationToken ct)
    {
        var format = $"{{{{.Label \"{Labels.Bed}\"}}}} {{{{.Label \"{Labels.Owner}\"}}}}";
        var containers = await Docker.LinesAsync(["ps", "-a", "--filter", $"label={Labels.Owner}", "--format", format], ct);
        var networks = await Docker.LinesAsync(["network", "ls", "--filter", $"label={Labels.Owner}", "--format", format], ct);
        foreach (var bed in containers.Concat(networks).Distinct().Select(line => line.Split(' ')))
        {
            if (!Directory.Exists($"/proc/{bed[1]}"))
            {
                await RemoveAsync(new BedName(bed[0], Kept: false), ct);
            }
        }
    }
}
