using System.Diagnostics.CodeAnalysis;

namespace LocalRegistry.Registry.Configuration;

/// <summary>What reading a configuration gave: the configuration, or every reason why it is refused.</summary>
/// <typeparam name="T">The configuration's type.</typeparam>
/// <param name="Value">The configuration; null if there are errors.</param>
/// <param name="Errors">Everything that is refused, in the order of the file.</param>
/// <param name="Warnings">What was read and has no effect.</param>
public sealed record ConfigurationResult<T>(
    T? Value,
    IReadOnlyList<ConfigurationProblem> Errors,
    IReadOnlyList<ConfigurationProblem> Warnings)
    where T : class
{
    /// <summary>Whether the configuration can be used.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Value is not null;
}
