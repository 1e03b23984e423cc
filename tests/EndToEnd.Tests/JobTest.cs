using System.Text.RegularExpressions;
using LocalRegistry.Testbed;
using LocalRegistry.Testbed.Cases;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>
/// A preflight whose Job cannot do its work: the status says why, nothing rolls out, and once the cause is mended everything goes on by itself.
/// What users see in between is written down.
/// </summary>
public abstract partial class JobTest(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private const string Area = "Jobs";
    private const string Proof = "liveProof";
    private const string Condition = "AccessGranted";

    /// <summary>For a Job that starts, and what its cluster makes of it.</summary>
    protected static readonly TimeSpan CheckDeadline = TimeSpan.FromMinutes(2);

    // How Kubernetes puts it differs from version to version.
    private bool IsPinned => $"v{Cluster.Version}" == Repository.Version("KUBERNETES_VERSION");

    /// <summary>Waits until the user is told, in check and condition, and nothing is rolled out.</summary>
    /// <param name="given">What is set up, in a few words.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="deadline">How long that may take.</param>
    protected async Task<ResourceCheck> AssertToldAsync(string given, string reason, TimeSpan deadline)
    {
        var check = await Resource.WaitForCheckAsync(Proof, reason, deadline, Ct);
        var condition = Assert.Single(await Resource.ConditionsAsync(Ct), c => c.Type == Condition);
        Assert.Equal((check.Outcome == "Failed" ? "False" : "Unknown", reason), (condition.Status, condition.Reason));
        Assert.Null(await DaemonSetAsync(Ct));
        if (IsPinned)
        {
            CasePage.Record(Area, CaseRow.Of(given, Condition, check.Name, check.Outcome, check.Reason, Shown(check.Message)));
        }

        return check;
    }

    // Names that are other ones in each run, or with each change of the configuration.
    private string Shown(string message) => PodName.Replace(
        JobName.Replace(message, "registry-preflight-1a2b3c4d5e-1"), "registry-preflight-1a2b3c4d5e-1-x7k2p").Replace(Resource.Name, "registry", StringComparison.Ordinal);

    [GeneratedRegex(@"\bregistry-\d+-preflight-[0-9a-z]+-\d+")]
    private static partial Regex JobName { get; }

    [GeneratedRegex(@"\bregistry-preflight-1a2b3c4d5e-1-[0-9a-z]{5}\b")]
    private static partial Regex PodName { get; }
}
