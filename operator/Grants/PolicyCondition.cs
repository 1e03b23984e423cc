namespace LocalRegistry.Operator.Grants;

/// <summary>One condition of a policy's statement: it holds if any of the values does; a negated one, if none does.</summary>
/// <param name="Operator">How the key is compared, such as <c>StringEquals</c>.</param>
/// <param name="Key">The condition key.</param>
/// <param name="Values">What it is compared with.</param>
internal sealed record PolicyCondition(string Operator, string Key, params IReadOnlyList<string> Values);
