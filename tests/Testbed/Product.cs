using System.Text.RegularExpressions;

namespace LocalRegistry.Testbed;

/// <summary>Installs the product on a bed's cluster as its users do.</summary>
public static partial class Product
{
    /// <summary>The namespace that the manifest installs the operator into; resources live there too.</summary>
    public const string Namespace = "local-registry";

    /// <summary>The Secret with the registry's credentials, under the key <c>credentials</c>.</summary>
    public const string RegistrySecret = "docker-credentials";

    private const string OperatorSecret = "local-registry-operator-aws";
    private const string Deployment = "deployment/local-registry-operator";
    private static readonly Version FirstWithRules = new(1, 23);

    /// <summary>
    /// Builds the images, gives them to the nodes, and applies the operator's manifest with them. Returns when the operator is ready. On a
    /// cluster that has the product already, this updates it.
    /// </summary>
    public static async Task InstallAsync(Bed bed, Action<string> progress, CancellationToken ct)
    {
        await ProductImages.BuildAsync(progress, ct);
        progress("giving the images to both nodes");
        var images = await Task.WhenAll(
            bed.Cluster.LoadImageAsync(ProductImages.Operator, ct), bed.Cluster.LoadImageAsync(ProductImages.Registry, ct));

        progress("applying the operator's manifest with those images");
        var manifest = await ManifestAsync(bed.Cluster.Version, ct);
        await bed.Cluster.ApplyAsync(OperatorImage.Replace(RegistryImage.Replace(manifest, images[1]), images[0]), ct);
        await PutSecretAsync(bed.Cluster, OperatorSecret, S3Server.CredentialsFile, ct);
        await PutSecretAsync(bed.Cluster, RegistrySecret, S3Server.CredentialsFile, ct);
        progress("waiting for the operator");
        await bed.Cluster.KubectlAsync(
            ["--namespace", Namespace, "rollout", "status", Deployment, "--timeout=180s"], new CommandOptions { Timeout = TimeSpan.FromMinutes(4) }, ct);
    }

    /// <summary>Takes the product away again, as those do who have no helm: all that the manifest has. Returns when it is gone.</summary>
    public static async Task UninstallAsync(Cluster cluster, CancellationToken ct) =>
        await DeleteAsync(cluster, await ManifestAsync(cluster.Version, ct), ct);

    /// <summary>Takes the product away as Helm does: what is marked to be kept stays, and so does the namespace, which Helm does not own.</summary>
    /// <inheritdoc cref="UninstallAsync"/>
    public static async Task UninstallChartAsync(Cluster cluster, CancellationToken ct)
    {
        var objects = (await ManifestAsync(cluster.Version, ct)).Split("\n---\n")
            .Where(text => !text.Contains("helm.sh/resource-policy: keep", StringComparison.Ordinal) && !text.Contains("\nkind: Namespace\n", StringComparison.Ordinal));
        await DeleteAsync(cluster, string.Join("\n---\n", objects), ct);
    }

    /// <summary>Puts a shared credentials file into a Secret in the product's namespace, or in another.</summary>
    public static Task PutSecretAsync(Cluster cluster, string name, string credentials, CancellationToken ct, string @namespace = Namespace, string key = "credentials") => cluster.ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: {{name}}
          namespace: {{@namespace}}
        data:
          {{key}}: {{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(credentials))}}
        """, ct);

    /// <summary>What there is to see of the product when something went wrong.</summary>
    public static async Task<string> DescribeAsync(Cluster cluster, CancellationToken ct)
    {
        string[][] questions =
        [
            ["describe", "localregistries", "--all-namespaces"],
            ["get", "pods", "--all-namespaces", "-o", "wide"],
            ["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp"],
            ["logs", "--namespace", Namespace, "--selector=app.kubernetes.io/component=operator", "--prefix", "--tail=60"],
            ["logs", "--namespace", Namespace, "--selector=app.kubernetes.io/component=registry", "--prefix", "--tail=40"],
        ];
        var answers = await Task.WhenAll(questions.Select(async question =>
        {
            var command = $"$ kubectl {string.Join(' ', question)}";
            try
            {
                return $"{command}\n{await cluster.KubectlAsync(question, ct)}";
            }
            catch (CommandException e)
            {
                return $"{command}\n{e.Message}";
            }
        }));
        return string.Join('\n', answers);
    }

    private static Task<string> DeleteAsync(Cluster cluster, string manifest, CancellationToken ct) => cluster.KubectlAsync(
        ["delete", "--ignore-not-found", "-f", "-"], new CommandOptions { Input = manifest, Timeout = TimeSpan.FromMinutes(3) }, ct);

    // The committed manifest; on a cluster too old for its rules, what the chart gives for that version.
    private static async Task<string> ManifestAsync(Version kubernetes, CancellationToken ct)
    {
        if (kubernetes >= FirstWithRules)
        {
            return await File.ReadAllTextAsync(Repository.PathOf("charts/install.yaml"), ct);
        }

        string[] arguments =
        [
            "local-registry", Repository.PathOf("charts/local-registry"), "--namespace", Namespace, "--set", "namespace.create=true",
            "--kube-version", $"v{kubernetes}",
        ];
        return (await CommandLine.RunAsync(Repository.PathOf("tests/helm-render/render.sh"), arguments, ct)).Output;
    }

    [GeneratedRegex(@"localregistry/operator:[\w.-]+")]
    private static partial Regex OperatorImage { get; }

    [GeneratedRegex(@"localregistry/registry:[\w.-]+")]
    private static partial Regex RegistryImage { get; }
}
