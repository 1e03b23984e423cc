using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>How much depends on each check in one resource.</summary>
internal static class Severities
{
    /// <summary>What the resource says of a check, or else its default.</summary>
    public static Severity Of(CheckDefinition check, LocalRegistrySpec spec) =>
        spec.Validation.Checks is { } checks && checks.TryGetValue(check.Name, out Severity severity) ? severity : check.Default;

    /// <summary>Holds facts against the resource, by every check that is not off.</summary>
    public static IReadOnlyList<Finding> Judge<TFacts>(IEnumerable<ICheck<TFacts>> checks, TFacts facts, CheckContext context) =>
    [
        .. checks.Select(check => (check, Severity: Of(check.Definition, context.Spec)))
            .Where(c => c.Severity != Severity.Off)
            .Select(c => new Finding(c.check.Definition, c.Severity, c.check.Judge(facts, context))),
    ];
}
