namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>How the policies decide a request.</summary>
internal enum SimulatedEffect
{
    /// <summary>A statement allows it and none denies it.</summary>
    Allowed,

    /// <summary>A statement denies it.</summary>
    ExplicitlyDenied,

    /// <summary>No statement allows it.</summary>
    ImplicitlyDenied,
}
