using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Tests.Telemetry;

/// <summary>Resources with a status. Their configuration is refused, so that nothing outside is asked.</summary>
internal static class SampleResources
{
    public static readonly DateTime Validated = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>One that has two conditions, and one whose checks are off.</summary>
    public static V1Alpha1LocalRegistry Registry(string name) => With(name,
    [
        Condition(ConditionTypes.ConfigValid, ConditionStatus.True),
        Condition(ConditionTypes.Ready, ConditionStatus.False),
        Condition(ConditionTypes.BucketProtected, ConditionStatus.Unknown, Reasons.ChecksOff),
    ]);

    /// <summary>One that has every condition.</summary>
    public static V1Alpha1LocalRegistry Complete(string name) => With(
        name,
        [.. typeof(ConditionTypes).GetFields().Select(f => Condition((string)f.GetRawConstantValue()!, ConditionStatus.True))]);

    private static V1Alpha1LocalRegistry With(string name, IReadOnlyList<Condition> conditions) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "local-registry", Uid = name, Generation = 1, ResourceVersion = "1" },
        Spec = Samples.Spec("{}"),
        Status = new LocalRegistryStatus
        {
            Conditions = conditions,
            Checks =
            [
                new CheckStatus { Name = "Encryption", Severity = Severity.Enforce, Outcome = CheckOutcome.Failed, Reason = "A", Message = "" },
                new CheckStatus { Name = "Versioning", Severity = Severity.Warn, Outcome = CheckOutcome.Failed, Reason = "B", Message = "" },
                new CheckStatus { Name = "Lifecycle", Severity = Severity.Warn, Outcome = CheckOutcome.Unknown, Reason = "C", Message = "" },
            ],
            Nodes = new NodesStatus { Desired = 3, Updated = 2, Ready = 1 },
            LastValidated = Validated,
        },
    };

    private static Condition Condition(string type, ConditionStatus status, string reason = "A") => new() { Type = type, Status = status, Reason = reason, Message = "" };
}
