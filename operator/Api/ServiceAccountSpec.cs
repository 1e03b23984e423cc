namespace LocalRegistry.Operator.Api;

/// <summary>The registry's ServiceAccount (<c>spec.serviceAccount</c>).</summary>
public sealed record ServiceAccountSpec
{
    /// <summary>Its name; null means the resource's own name.</summary>
    public string? Name { get; init; }

    /// <summary>Annotations, such as <c>eks.amazonaws.com/role-arn</c>. Set only on a ServiceAccount that the operator made itself.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
