using System.Security.Cryptography;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>All bytes of an object as they come from the store: nobody gets the last ones if they do not have the right digest.</summary>
/// <param name="content">The object; disposed with this.</param>
/// <param name="digest">The digest.</param>
internal sealed class VerifyingStream(ObjectContent content, Digest digest) : ForwardStream
{
    private readonly IncrementalHash _hash = digest.Algorithm.Begin();
    private long _left = content.Size;

    /// <exception cref="CorruptContentException">They have another digest.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            return 0;
        }

        int read = await content.Stream.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        _left -= read;
        return _left > 0 || Digest.FromHash(digest.Algorithm, _hash.GetHashAndReset()) == digest
            ? read
            : throw CorruptContentException.Of(digest);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Stream.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
