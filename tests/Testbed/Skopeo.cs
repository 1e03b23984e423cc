namespace LocalRegistry.Testbed;

/// <summary>skopeo, the image client of a third party, run from inside a node's network or from this machine.</summary>
public static class Skopeo
{
    /// <summary>Copies an image, for example from <c>oci:/folder:tag</c> to <c>docker://127.0.0.1:5000/name:tag</c>.</summary>
    /// <param name="source">Where from, in skopeo's notation.</param>
    /// <param name="target">Where to.</param>
    /// <param name="node">Whose loopback 127.0.0.1 is; null for this machine's.</param>
    /// <param name="ct">Ends the copy.</param>
    public static Task<string> CopyAsync(string source, string target, Node? node, CancellationToken ct) =>
        RunAsync(["copy", "--src-tls-verify=false", "--dest-tls-verify=false", source, target], node, ct);

    /// <summary>The digest of an image's manifest.</summary>
    public static async Task<string> DigestAsync(string image, Node? node, CancellationToken ct) =>
        (await RunAsync(["inspect", "--tls-verify=false", "--format", "{{.Digest}}", image], node, ct)).Trim();

    /// <summary>Runs any command of skopeo and returns its output.</summary>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, Node? node, CancellationToken ct)
    {
        // Without the option skopeo wants a policy file of the machine.
        string[] all = ["--insecure-policy", .. arguments];
        var result = node is null ? await CommandLine.RunAsync("skopeo", all, ct) : await node.RunInNetworkAsync("skopeo", all, ct);
        return result.Output;
    }
}
