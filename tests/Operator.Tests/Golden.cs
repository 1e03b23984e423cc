using System.Runtime.CompilerServices;
using k8s;
using Xunit;

namespace LocalRegistry.Operator.Tests;

/// <summary>Compares objects with the YAML files beside their tests. With UPDATE_GOLDEN=1 the files are written instead, for the diff to be read.</summary>
internal static class Golden
{
    public static void Match(object resource, string name, [CallerFilePath] string caller = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", $"{name}.yaml");
        string actual = resource as string ?? KubernetesYaml.Serialize(resource);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual.TrimEnd() + "\n");
        }

        Assert.Equal(File.ReadAllText(path).TrimEnd(), actual.TrimEnd(), ignoreLineEndingDifferences: true);
    }
}
