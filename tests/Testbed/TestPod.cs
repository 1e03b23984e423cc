namespace LocalRegistry.Testbed;

/// <summary>A pod that does nothing but run an image on a node, pulled by that node's kubelet.</summary>
public static class TestPod
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs a pod in the default namespace, in place of one of that name, and returns what the kubelet said of the pull.</summary>
    /// <exception cref="TimeoutException">It does not run; the message holds the kubelet's reason.</exception>
    public static async Task<string> RunAsync(Cluster cluster, string name, Node node, string image, CancellationToken ct)
    {
        await DeleteAsync(cluster, name, ct);
        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{name}}
              namespace: default
            spec:
              nodeName: {{node.Name}}
              terminationGracePeriodSeconds: 0
              automountServiceAccountToken: false
              containers:
              - name: main
                image: {{image}}
            """, ct);
        await Wait.UntilAsync($"the pod {name} to run {image} on {node.Name}", async token =>
        {
            const string state = "{.status.phase} {.status.containerStatuses[0].state}";
            var seen = await cluster.KubectlAsync(["get", "pod", name, "-o", $"jsonpath={state}"], token);
            return (seen.StartsWith("Running", StringComparison.Ordinal) && seen.Contains("running", StringComparison.Ordinal), seen);
        }, Deadline, ct);
        var uid = await cluster.KubectlAsync(["get", "pod", name, "-o", "jsonpath={.metadata.uid}"], ct);
        return await Wait.UntilAsync(
            "the kubelet's event about the pull",
            token => cluster.KubectlAsync(
                ["get", "events", $"--field-selector=involvedObject.uid={uid},reason=Pulled", "-o", "jsonpath={.items[*].message}"], token),
            message => message.Length > 0,
            Deadline,
            ct);
    }

    /// <summary>Removes a pod, if it is there, and returns when it is gone.</summary>
    public static Task DeleteAsync(Cluster cluster, string name, CancellationToken ct) =>
        cluster.KubectlAsync(["delete", "pod", name, "--ignore-not-found"], ct);
}
