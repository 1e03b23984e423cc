using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>A check's answer, and how much depends on it in this resource.</summary>
/// <param name="Check">The check.</param>
/// <param name="Severity">Its severity in this resource.</param>
/// <param name="Answer">What it found.</param>
internal sealed record Finding(CheckDefinition Check, Severity Severity, CheckAnswer Answer)
{
    /// <summary>Whether nothing new may roll out because of it.</summary>
    public bool Blocks => Severity == Severity.Enforce && !Answer.Passed;

    /// <summary>Whether it is only told.</summary>
    public bool Warns => Severity == Severity.Warn && !Answer.Passed;
}
