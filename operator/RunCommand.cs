using System.CommandLine;
using k8s;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator;

/// <summary><c>operator run</c>: the operator itself.</summary>
internal static class RunCommand
{
    private const string DefaultNamespace = "default";

    public static Command Build()
    {
        Option<string> image = new("--registry-image")
        {
            Description = "The image that runs on the nodes [REGISTRY_IMAGE]",
            HelpName = "IMAGE",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("REGISTRY_IMAGE") ?? "",
        };
        Option<string?> pullPolicy = new("--registry-image-pull-policy")
        {
            Description = "When the nodes pull it; left out, Kubernetes decides by its tag",
            HelpName = "Always|IfNotPresent|Never",
        };
        pullPolicy.AcceptOnlyFromAmong("Always", "IfNotPresent", "Never");
        Option<string?> watchNamespace = new("--watch-namespace")
        {
            Description = "The namespace whose LocalRegistries are looked after; left out, all namespaces [WATCH_NAMESPACE]",
            HelpName = "NS",
            DefaultValueFactory = _ => CommandLine.Variable("WATCH_NAMESPACE"),
        };
        Option<string?> leaseNamespace = new("--lease-namespace")
        {
            Description = "The namespace of the leader's Lease; left out, the operator's own [POD_NAMESPACE]",
            HelpName = "NS",
            DefaultValueFactory = _ => CommandLine.Variable("POD_NAMESPACE"),
        };
        Option<ListenAddress> address = new("--http-address")
        {
            Description = "Where /healthz and /readyz are answered",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => new ListenAddress(null, 8080),
            CustomParser = result =>
            {
                if (!ListenAddress.TryParse(result.Tokens[0].Value, out ListenAddress? parsed))
                {
                    result.AddError("--http-address must be an address with a port, such as :8080.");
                }

                return parsed;
            },
        };
        image.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("Name the registry's image: --registry-image IMAGE, or REGISTRY_IMAGE in the environment.");
            }
        });

        var run = new Command("run", "Looks after the cluster's LocalRegistries until it is stopped.") { image, pullPolicy, watchNamespace, leaseNamespace, address };
        run.SetAction(async (parsed, cancel) =>
        {
            KubernetesClientConfiguration cluster = KubernetesClientConfiguration.BuildDefaultConfig();
            var options = new OperatorOptions(
                new RegistryImage(parsed.GetValue(image)!, parsed.GetValue(pullPolicy)),
                parsed.GetValue(watchNamespace),
                parsed.GetValue(leaseNamespace) ?? CommandLine.NotEmpty(cluster.Namespace) ?? DefaultNamespace,
                // A restarted container has the same pod name, and must not take its predecessor's lease for its own.
                $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}",
                parsed.GetValue(address)!);
            await using WebApplication app = OperatorHost.Build(options, cluster);
            await app.RunAsync(cancel);
            return Environment.ExitCode;
        });
        return run;
    }
}
