using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// What <c>spec.mirrors</c>, <c>spec.repositories</c> and <c>spec.node.runtime</c> must not say. The definition refuses most of it too; API
/// servers before 1.25 do not enforce its rules.
/// </summary>
internal static class MirrorsCheck
{
    private const string RuntimePath = "spec.node.runtime";

    // Where Kubernetes publishes the images that a node needs before any pod can run on it.
    private static readonly ImageHost Kubernetes = new("registry.k8s.io");

    private static readonly TimeSpan LongestRestoration = TimeSpan.FromHours(1);

    /// <param name="owner">The resource.</param>
    /// <param name="spec">What it asks for.</param>
    /// <param name="image">The image that its registry would run.</param>
    /// <param name="runtime">The nodes' container runtime.</param>
    /// <param name="mirrors">The rendered <c>mirrors.yml</c>; null if there is none.</param>
    public static IEnumerable<string> Problems(Owner owner, LocalRegistrySpec spec, RegistryImage image, NodeRuntime runtime, string? mirrors) =>
    [
        .. mirrors is null ? [] : MirrorConfigurationReader.Read(mirrors).Errors.Select(Describe),
        .. HostsThatStartANode(spec, image),
        .. NoRepositories(spec),
        .. NodeRuntimeProblems(spec.Node.Runtime, runtime),
        .. NodeConfigsOwnName(owner, spec),
    ];

    // Lines are those of the rendered file, which the user never sees; the path is what finds the place in the resource.
    private static string Describe(ConfigurationProblem problem) => problem.Path.StartsWith("runtime", StringComparison.Ordinal)
        ? $"spec.node.{problem.Path}: {problem.Message}"
        : $"spec.{problem.Path}: {problem.Message}";

    // What is there after a power cut, without the registry, are the node's files.
    private static IEnumerable<string> HostsThatStartANode(LocalRegistrySpec spec, RegistryImage image)
    {
        ImageHost own = HostOf(image.Reference);
        foreach ((int index, MirrorSpec mirror) in (spec.Mirrors ?? []).Index())
        {
            if (mirror.Fallback || !ImageHost.TryParse(mirror.Host, out ImageHost host))
            {
                continue;
            }

            string path = $"spec.mirrors[{index}].fallback";
            if (host == own)
            {
                yield return $"{path}: must be true for {own}, since the registry's own image, {image.Reference}, comes from "
                    + "there: a node whose registry does not run could never pull it again";
            }
            else if (host == Kubernetes)
            {
                yield return $"{path}: must be true for {Kubernetes}, since the pause image and kube-proxy come from "
                    + "there: a node that has lost them, and whose registry does not run, could start no pod again, and so not the registry's";
            }
        }
    }

    private static IEnumerable<string> NoRepositories(LocalRegistrySpec spec)
    {
        if (spec.Repositories is { Count: 0 })
        {
            yield return "spec.repositories: must have an entry, such as team/*; remove the key to serve every repository of the bucket";
        }
    }

    private static IEnumerable<string> NodeRuntimeProblems(NodeRuntimeSpec spec, NodeRuntime runtime)
    {
        if (!GoDuration.TryParse(spec.RestoreTimeout, out TimeSpan timeout) || timeout > LongestRestoration)
        {
            yield return $"{RuntimePath}.restoreTimeout: must be a duration from 0s to 1h, such as 5m, not \"{spec.RestoreTimeout}\"";
        }

        foreach ((string key, string? path) in new[] { ("directory", spec.Directory), ("configurationFile", spec.ConfigurationFile) })
        {
            if (path is not null && !NodePath.IsValid(path))
            {
                yield return $"{RuntimePath}.{key}: {NodePath.Rule}, not \"{path}\"";
            }
        }

        if (spec.Directory is { } written && !RestorePlace.IsForMirrors(runtime.Kind, written))
        {
            string name = runtime.Kind == RuntimeKind.RegistriesConf ? "/registries.conf.d" : "/certs.d or /conf.d/hosts";
            yield return $"{RuntimePath}.directory: must end in {name}, since files are written there by root, not \"{written}\"";
        }

        if (runtime.Kind == RuntimeKind.Containerd && spec.ConfigurationFile?.EndsWith(".toml", StringComparison.Ordinal) == false)
        {
            yield return $"{RuntimePath}.configurationFile: must end in .toml, as containerd's configuration does, not \"{spec.ConfigurationFile}\"";
        }

        if (spec.ConfigurationFile is { } file && runtime.Kind == RuntimeKind.RegistriesConf)
        {
            yield return $"{RuntimePath}.configurationFile: has no effect with CRI-O, which is told of mirrors in {runtime.Directories[0]} alone; remove {file}";
        }

        if (runtime.Kind == RuntimeKind.RegistriesConf && Path.GetDirectoryName(runtime.Directories[0]) == "/")
        {
            yield return $"{RuntimePath}.directory: must lie in a folder: all of its folder is given to the node configuration to read, and that must not be the whole node";
        }

        string? around = Path.GetDirectoryName(runtime.ConfigurationFile);
        if (around == "/")
        {
            yield return $"{RuntimePath}.configurationFile: must lie in a folder: all of its folder is given to the node configuration to read, and that must not be the whole node";
        }

        foreach (string directory in runtime.Directories.Where(d => d == around || d is NodeConfigPod.MirrorsDirectory or NodeConfigDaemonSet.StatusDirectory))
        {
            yield return $"{RuntimePath}.directory: must be a folder that is for mirrors alone, such as /etc/containerd/certs.d, not \"{directory}\"";
        }
    }

    private static IEnumerable<string> NodeConfigsOwnName(Owner owner, LocalRegistrySpec spec)
    {
        if (spec.ServiceAccount.Name == Names.NodeConfig(owner))
        {
            yield return $"spec.serviceAccount.name: must not be {Names.NodeConfig(owner)}, which is the node configuration's: it has no rights, and must get none";
        }
    }

    // The grammar of image references: without a host in front, the image is Docker Hub's.
    private static ImageHost HostOf(string reference) =>
        reference.Split('/', 2) is [var first, _] && ImageHost.TryParse(first, out ImageHost host) ? host : ImageHost.DockerHub;
}
