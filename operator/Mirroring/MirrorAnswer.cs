using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>What is known of the nodes' pulling through their registries.</summary>
/// <param name="Condition">What <see cref="ConditionTypes.MirrorConfigured"/> is to say.</param>
/// <param name="Proven">How many nodes are proven to; null if the resource asks for no mirrors, or nothing is rolled out.</param>
/// <param name="Due">When to look again; null if nothing waits.</param>
/// <param name="IsTolerable">Of a condition that is False: whether so few nodes are the reason that the resource is ready all the same.</param>
internal sealed record MirrorAnswer(ConditionAnswer Condition, int? Proven = null, DateTimeOffset? Due = null, bool IsTolerable = false);
