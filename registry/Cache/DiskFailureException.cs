namespace LocalRegistry.Registry.Cache;

/// <summary>The node's disk did not take or give bytes of the cache; the store still has them.</summary>
internal sealed class DiskFailureException(string message, Exception? inner) : Exception(message, inner);
