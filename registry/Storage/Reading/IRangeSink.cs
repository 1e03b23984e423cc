using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>Says which ranges of an object are wanted, and takes their bytes. It is asked for one range at a time, and takes those of several at once.</summary>
internal interface IRangeSink
{
    /// <summary>The range to fetch next; null if there will be none any more. May wait, until there is room for one.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<ByteRange?> NextAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes bytes of a range that was given. Those of one range come in order, each once.
    /// </summary>
    /// <param name="offset">Where they lie in the object.</param>
    /// <param name="bytes">The bytes; the memory is the caller's again when this ends.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Says that all bytes of a range were taken; none of them comes again. Comes once for each range, unless the fetch fails.</summary>
    void Complete(ByteRange range);
}
