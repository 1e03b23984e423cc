namespace LocalRegistry.Testbed;

/// <summary>A pod that does nothing but run an image on a node, pulled by that node's kubelet.</summary>
public static class TestPod
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TestPodOptions Default = new();

    /// <inheritdoc cref="RunAsync(Cluster, string, Node, string, TestPodOptions, CancellationToken)"/>
    public static Task<string> RunAsync(Cluster cluster, string name, Node node, string image, CancellationToken ct) =>
        RunAsync(cluster, name, node, image, Default, ct);

    /// <summary>Runs a pod, in place of one of that name, and returns what the kubelet said of the pull.</summary>
    /// <exception cref="TimeoutException">It does not run; the message holds the kubelet's reason.</exception>
    public static async Task<string> RunAsync(Cluster cluster, string name, Node node, string image, TestPodOptions options, CancellationToken ct)
    {
        await CreateAsync(cluster, name, node, image, options, ct);
        await Wait.UntilAsync($"the pod {name} to run {image} on {node.Name}", async token =>
        {
            const string state = "{.status.phase} {.status.containerStatuses[0].state}";
            var seen = await GetAsync(cluster, name, options, state, token);
            return (seen.StartsWith("Running", StringComparison.Ordinal) && seen.Contains("running", StringComparison.Ordinal), seen);
        }, Deadline, ct);
        var uid = await GetAsync(cluster, name, options, "{.metadata.uid}", ct);
        return await Wait.UntilAsync(
            "the kubelet's event about the pull",
            token => cluster.KubectlAsync(
                [InNamespace(options), "get", "events", $"--field-selector=involvedObject.uid={uid},reason=Pulled", "-o", "jsonpath={.items[*].message}"], token),
            message => message.Length > 0,
            Deadline,
            ct);
    }

    /// <summary>Has a pod try to run an image that cannot be had, in place of one of that name, and returns what the kubelet said of the pull.</summary>
    /// <exception cref="TimeoutException">The pull did not fail; the message holds what became of the pod.</exception>
    public static async Task<string> FailToPullAsync(Cluster cluster, string name, Node node, string image, TestPodOptions options, CancellationToken ct)
    {
        await CreateAsync(cluster, name, node, image, options, ct);
        var uid = await GetAsync(cluster, name, options, "{.metadata.uid}", ct);
        return await Wait.UntilAsync(
            $"the pull of {image} on {node.Name} to fail",
            token => cluster.KubectlAsync(
                [InNamespace(options), "get", "events", $"--field-selector=involvedObject.uid={uid}", "-o", "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}"],
                token),
            events => events.Contains("Failed: Failed to pull image", StringComparison.Ordinal),
            Deadline,
            ct);
    }

    /// <summary>The digest of the image that the pod runs, as its runtime has it.</summary>
    public static async Task<string> DigestAsync(Cluster cluster, string name, TestPodOptions options, CancellationToken ct) =>
        (await GetAsync(cluster, name, options, "{.status.containerStatuses[0].imageID}", ct)).Split('@')[^1];

    /// <summary>Runs a command in the pod and says how it ended.</summary>
    public static Task<CommandResult> ExecAsync(Cluster cluster, string name, IEnumerable<string> command, CancellationToken ct) => CommandLine.RunAsync(
        "kubectl", [$"--kubeconfig={cluster.KubeconfigPath}", "exec", name, "--", .. command], new CommandOptions { AnyExitCode = true }, ct);

    /// <inheritdoc cref="DeleteAsync(Cluster, string, TestPodOptions, CancellationToken)"/>
    public static Task DeleteAsync(Cluster cluster, string name, CancellationToken ct) => DeleteAsync(cluster, name, Default, ct);

    /// <summary>Removes a pod, if it is there, and returns when it is gone.</summary>
    public static Task DeleteAsync(Cluster cluster, string name, TestPodOptions options, CancellationToken ct) =>
        cluster.KubectlAsync([InNamespace(options), "delete", "pod", name, "--ignore-not-found"], ct);

    private static async Task CreateAsync(Cluster cluster, string name, Node node, string image, TestPodOptions options, CancellationToken ct)
    {
        await DeleteAsync(cluster, name, options, ct);
        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{name}}
              namespace: {{options.Namespace}}
            spec:
              nodeName: {{node.Name}}
              hostNetwork: {{(options.HostNetwork ? "true" : "false")}}
              terminationGracePeriodSeconds: 0
              automountServiceAccountToken: false
              containers:
              - name: main
                image: {{image}}
                {{(options.AlwaysPull ? "imagePullPolicy: Always" : "")}}
            """, ct);
    }

    private static Task<string> GetAsync(Cluster cluster, string name, TestPodOptions options, string path, CancellationToken ct) =>
        cluster.KubectlAsync([InNamespace(options), "get", "pod", name, "-o", $"jsonpath={path}"], ct);

    private static string InNamespace(TestPodOptions options) => $"--namespace={options.Namespace}";
}
