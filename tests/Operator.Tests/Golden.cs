using System.Runtime.CompilerServices;
using k8s;
using Xunit;

namespace LocalRegistry.Operator.Tests;

/// <summary>Compares objects with the files beside their tests. With UPDATE_GOLDEN=1 the files are written instead, for the diff to be read.</summary>
internal static class Golden
{
    /// <summary>Compares an object with a file of YAML.</summary>
    public static void Match(object resource, string name, [CallerFilePath] string caller = "") =>
        MatchFile(resource as string ?? KubernetesYaml.Serialize(resource), $"{name}.yaml", caller);

    /// <summary>Compares text with a file.</summary>
    public static void MatchFile(string actual, string file, [CallerFilePath] string caller = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual.TrimEnd() + "\n");
        }

        Assert.Equal(File.ReadAllText(path).TrimEnd(), actual.TrimEnd(), ignoreLineEndingDifferences: true);
    }
}
