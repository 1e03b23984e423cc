using Amazon.S3.Model;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// The bytes of an object. When the store cuts them or keeps silent, the rest is asked for from where they stopped: a pull survives what breaks
/// one connection. It throws <see cref="StoreException"/> when that does not help.
/// </summary>
internal sealed class S3ReadStream : ForwardStream
{
    /// <summary>How often in a row.</summary>
    private const int MaximumResumptions = 3;

    /// <summary>After so many bytes a resumption was worth it, and the next is the first again.</summary>
    private const int WorthIt = 1024 * 1024;

    private readonly Func<long, string, CancellationToken, Task<GetObjectResponse>> _resume;
    private readonly string? _etag;
    private readonly string _name;
    private GetObjectResponse? _response;
    private long _position;
    private long _left;
    private int _resumptions;
    private long _sinceResumption;

    /// <param name="name">What the object is called in failures.</param>
    /// <param name="response">The answer that the bytes begin with.</param>
    /// <param name="first">The offset in the object of its first byte.</param>
    /// <param name="length">How many bytes there must be.</param>
    /// <param name="resume">Opens what lies from an offset on, of the object with an ETag.</param>
    public S3ReadStream(string name, GetObjectResponse response, long first, long length, Func<long, string, CancellationToken, Task<GetObjectResponse>> resume) =>
        (_name, _response, _etag, _position, _left, _resume) = (name, response, response.ETag, first, length, resume);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 || buffer.Length == 0)
        {
            return 0;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, _left)];
        while (true)
        {
            IOException failure;
            try
            {
                _response ??= await _resume(_position, _etag!, cancellationToken);
                int read = await _response.ResponseStream.ReadAsync(buffer, cancellationToken);
                if (read > 0)
                {
                    Advance(read);
                    return read;
                }

                failure = new EndOfStreamException($"{_left} bytes are missing");
            }
            catch (IOException e)
            {
                failure = e;
            }

            _response?.Dispose();
            _response = null;
            _sinceResumption = 0;
            if (++_resumptions > MaximumResumptions || _etag is null)
            {
                throw new StoreException(StoreFailure.Unavailable, $"S3 stops in the middle of {_name}, at {_position}: {failure.Message}", failure);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _response?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Advance(int read)
    {
        _position += read;
        _left -= read;
        _sinceResumption += read;
        if (_sinceResumption >= WorthIt)
        {
            _resumptions = 0;
        }
    }
}
