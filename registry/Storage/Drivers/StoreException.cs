namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>The object store gave no answer that the registry can use.</summary>
/// <param name="kind">Of what sort the failure is.</param>
/// <param name="message">What failed, on which key; never a secret.</param>
/// <param name="inner">What the driver met.</param>
internal sealed class StoreException(StoreFailure kind, string message, Exception inner) : Exception(message, inner)
{
    public StoreFailure Kind => kind;
}

/// <summary>The sorts of a store's failures.</summary>
internal enum StoreFailure
{
    /// <summary>It cannot be reached, is too slow or overloaded: worth another try later.</summary>
    Unavailable,

    /// <summary>It refuses the registry's identity.</summary>
    Denied,

    /// <summary>An object under construction is not there any more, or not as it was.</summary>
    Missing,
}
