namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>One condition of a policy's statement.</summary>
/// <param name="Operator">How the values are compared: <c>StringNotEquals</c>, <c>Null</c>, <c>Bool</c>.</param>
/// <param name="Key">What is compared: <c>aws:SecureTransport</c>.</param>
/// <param name="Values">With what; one of them suffices.</param>
internal sealed record PolicyCondition(string Operator, string Key, IReadOnlyList<string> Values)
{
    /// <summary>Whether it compares this key in this way. Neither cares for case.</summary>
    public bool Is(string @operator, string key) =>
        Operator.Equals(@operator, StringComparison.OrdinalIgnoreCase) && Key.Equals(key, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether its only value is this one.</summary>
    public bool IsOnly(string value) => Values.Count == 1 && Values[0].Equals(value, StringComparison.OrdinalIgnoreCase);
}
