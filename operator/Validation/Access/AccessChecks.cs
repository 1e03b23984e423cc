namespace LocalRegistry.Operator.Validation.Access;

/// <summary>The checks of the registry's access besides its real calls.</summary>
internal static class AccessChecks
{
    /// <summary>Asks for what is missing.</summary>
    public static ICheck<AccessFacts> Permissions { get; } = new PermissionsCheck();

    /// <summary>Asks for what is too much.</summary>
    public static ICheck<AccessFacts> Excess { get; } = new ExcessPermissionsCheck();

    /// <summary>All, in the order in which they are told.</summary>
    public static IReadOnlyList<ICheck<AccessFacts>> All { get; } = [new IdentityCheck(), new NodeIdentityCheck(), Permissions, Excess];
}
