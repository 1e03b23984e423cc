using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>A connection over which an object comes, range after range for as long as they follow each other.</summary>
internal sealed class RangeConnection : IAsyncDisposable
{
    private ObjectContent? _content;
    private long _position;
    private long _end;

    /// <summary>Whether a range can come over it as it is.</summary>
    public bool BringsNext(ByteRange range) => _content is not null && _position == range.First && _end > range.Last;

    /// <summary>Takes an answer of the store in place of the one that there was.</summary>
    /// <param name="content">The answer; owned.</param>
    /// <param name="range">What it brings.</param>
    public async Task TakeAsync(ObjectContent content, ByteRange range)
    {
        await DisposeAsync();
        (_content, _position, _end) = (content, range.First, range.Last + 1);
    }

    /// <summary>Reads what comes next, as much as there is room for. A connection that fails is of no more use.</summary>
    /// <exception cref="StoreException">The store stopped on the way.</exception>
    public async Task ReadAsync(Memory<byte> destination, string key, CancellationToken cancellationToken)
    {
        await _content!.ReadAsync(destination, key, cancellationToken);
        _position += destination.Length;
    }

    public async ValueTask DisposeAsync()
    {
        if (_content is { } content)
        {
            _content = null;
            await content.DisposeAsync();
        }
    }
}
