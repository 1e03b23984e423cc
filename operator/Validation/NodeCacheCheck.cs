using System.Text.RegularExpressions;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// What <c>spec.node.cache</c> must not say. The definition refuses some of it too; it cannot compare sizes that are written with units, and API servers
/// before 1.25 do not enforce its rules.
/// </summary>
internal static partial class NodeCacheCheck
{
    private const string SpecPath = "spec.node.cache";

    private static readonly ByteSize SmallestSize = new(100L << 20);

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(365);

    public static IEnumerable<string> Problems(NodeCacheSpec? cache)
    {
        if (cache is null)
        {
            yield break;
        }

        if (!IsSize(cache.Size, SmallestSize))
        {
            yield return $"{SpecPath}.size: must be a whole number with a unit, such as 20Gi, and at least {SmallestSize}, not \"{cache.Size?.Value}\"; "
                + "leave out cache for none";
        }

        if (cache.Free is not null && !IsSize(cache.Free, default))
        {
            yield return $"{SpecPath}.free: must be a whole number with a unit, such as 10Gi, not \"{cache.Free?.Value}\"; leave it out for a tenth of the file system";
        }

        if (cache.HostPath is { } folder)
        {
            if (!NodePath.IsValid(folder))
            {
                yield return $"{SpecPath}.hostPath: {NodePath.Rule}, not \"{folder}\"";
            }
            else if (SystemFolder().IsMatch(folder))
            {
                yield return $"{SpecPath}.hostPath: must be a folder for data, such as /var/cache/localregistry or one on a disk of its own: \"{folder}\" is the system's, "
                    + "or emptied by it";
            }
        }

        if (!GoDuration.TryParse(cache.VerifyInterval, out TimeSpan interval)
            || (interval != TimeSpan.Zero && (interval < ShortestInterval || interval > LongestInterval)))
        {
            yield return $"{SpecPath}.verifyInterval: must be a duration from 1h to 8760h, such as 24h, or 0s for never, not \"{cache.VerifyInterval}\"";
        }
    }

    private static bool IsSize(IntOrString? quantity, ByteSize atLeast) => ByteSize.TryParse(quantity?.Value, out ByteSize size) && size.Bytes >= atLeast.Bytes;

    // The definition has the same: where systems lie, what they empty, and where runtimes and Kubernetes keep what is theirs.
    [GeneratedRegex(
        "^/(bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|root|run|sbin|snap|sys|tmp|usr|var/(run|tmp|log|spool|snap)"
        + "|var/lib/(kubelet|containerd|docker|containers|crio|cni|etcd|rancher|k0s))(/|$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SystemFolder();
}
