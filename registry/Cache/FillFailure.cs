using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>The failure of a fill, told to each of its readers.</summary>
internal static class FillFailure
{
    /// <summary>An exception of the same sort and words: one object is not thrown by several threads.</summary>
    public static Exception Again(Exception failure) => failure switch
    {
        StoreException e => new StoreException(e.Kind, e.Message, e),
        CorruptContentException e => new CorruptContentException(e.Message),
        _ => new DiskFailureException(failure.Message, failure),
    };
}
