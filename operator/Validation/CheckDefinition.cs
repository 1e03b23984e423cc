using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>A check as the resource knows it.</summary>
/// <param name="Name">Its key under <c>spec.validation.checks</c> and its name in <c>status.checks</c>.</param>
/// <param name="Condition">The condition that it is part of, one of <see cref="ConditionTypes"/>.</param>
/// <param name="Default">Its severity if the resource does not say.</param>
internal sealed record CheckDefinition(string Name, string Condition, Severity Default);
