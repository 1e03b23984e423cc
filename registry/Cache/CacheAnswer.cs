using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>What the cache says to a request for content.</summary>
/// <param name="IsKnown">Whether it answers; if not, the store is to be asked.</param>
/// <param name="Content">The content; null if there is none. If it is not known here: what the store has answered already; null if nothing.</param>
internal readonly record struct CacheAnswer(bool IsKnown, ObjectContent? Content);
