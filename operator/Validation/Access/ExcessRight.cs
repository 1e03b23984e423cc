using LocalRegistry.Operator.Aws.Iam;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Something that the registry's identity need not be able to do.</summary>
/// <param name="Where">On what, in words: <c>in its own folder</c>.</param>
/// <param name="Request">A request that shows it.</param>
internal sealed record ExcessRight(string Where, SimulatedRequest Request);
