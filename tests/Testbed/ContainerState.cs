using System.Globalization;

namespace LocalRegistry.Testbed;

/// <summary>What the engine says of a running container.</summary>
internal sealed record ContainerState(string Id, string Hostname, string ImageId, string Address, int ProcessId, int? ApiPort)
{
    /// <summary>The running container with a role in a test bed, or null.</summary>
    public static async Task<ContainerState?> FindAsync(BedName bed, string role, CancellationToken ct)
    {
        string[] filters = ["--filter", $"label={Labels.Bed}={bed.Value}", "--filter", $"label={Labels.Role}={role}"];
        var ids = await Docker.LinesAsync(["ps", "-q", .. filters], ct);
        return ids is [var id] ? await InspectAsync(id, ct) : null;
    }

    private static async Task<ContainerState> InspectAsync(string id, CancellationToken ct)
    {
        const string format = "{{.Id}}|{{.Config.Hostname}}|{{.Image}}|{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}|{{.State.Pid}}" +
            "|{{with index .NetworkSettings.Ports \"6443/tcp\"}}{{(index . 0).HostPort}}{{end}}";
        var fields = (await Docker.RunAsync(["inspect", "--format", format, id], ct)).Trim().Split('|');
        int? apiPort = fields[5].Length > 0 ? int.Parse(fields[5], CultureInfo.InvariantCulture) : null;
        return new ContainerState(fields[0], fields[1], fields[2], fields[3], int.Parse(fields[4], CultureInfo.InvariantCulture), apiPort);
    }
}
