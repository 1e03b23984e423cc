namespace LocalRegistry.Benchmarks.Clients;

/// <summary>Finds where the content of an HTTP/1.1 message ends, by its length or by its chunks (RFC 9112, sections 6 and 7.1).</summary>
internal struct HttpContentEnd
{
    private enum Place
    {
        Content,
        ChunkLength,
        ChunkExtension,
        ChunkContent,
        Trailer,
        Ended,
    }

    private Place _place;
    private long _left;
    private int _lineLength;

    private HttpContentEnd(Place place, long left)
    {
        _place = place;
        _left = left;
    }

    /// <summary>Whether all of it was seen.</summary>
    public readonly bool HasEnded => _place == Place.Ended;

    /// <summary>How many bytes are left of content, or of a chunk of it; 0 where its end has to be looked for.</summary>
    public readonly long Length => _place is Place.Content or Place.ChunkContent ? _left : 0;

    /// <summary>The content that a head announces.</summary>
    /// <param name="head">The message's head.</param>
    /// <param name="hasContent">False for what never has any, such as the answer to HEAD.</param>
    public static HttpContentEnd After(HttpHead head, bool hasContent)
    {
        if (!hasContent)
        {
            return new HttpContentEnd(Place.Ended, 0);
        }

        if (head.IsChunked)
        {
            return new HttpContentEnd(Place.ChunkLength, 0);
        }

        long length = head.ContentLength ?? 0;
        return new HttpContentEnd(length > 0 ? Place.Content : Place.Ended, length);
    }

    /// <summary>Takes what came next, and gives how many bytes of it belong to the message.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (taken < bytes.Length && _place != Place.Ended)
        {
            taken += _place is Place.Content or Place.ChunkContent ? TakeContent(bytes.Length - taken) : TakeByte(bytes[taken]);
        }

        return taken;
    }

    /// <summary>Takes bytes that nobody has looked at; no more than <see cref="Length"/>.</summary>
    public void Skip(int count) => TakeContent(count);

    private int TakeContent(int available)
    {
        int part = (int)Math.Min(available, _left);
        _left -= part;
        if (_left == 0)
        {
            _place = _place == Place.Content ? Place.Ended : Place.ChunkLength;
        }

        return part;
    }

    private int TakeByte(byte value)
    {
        switch (_place)
        {
            case Place.ChunkLength when char.IsAsciiHexDigit((char)value):
                _left = (_left * 16) + Convert.ToInt32(((char)value).ToString(), 16);
                break;
            case Place.ChunkLength or Place.ChunkExtension when value == '\n':
                // Two more for the end of line behind the chunk.
                _lineLength = 0;
                _left = _left > 0 ? _left + 2 : 0;
                _place = _left > 0 ? Place.ChunkContent : Place.Trailer;
                break;
            case Place.ChunkLength:
                _place = Place.ChunkExtension;
                break;
            case Place.Trailer when value == '\n':
                _place = _lineLength == 0 ? Place.Ended : Place.Trailer;
                _lineLength = 0;
                break;
            case Place.Trailer when value != '\r':
                _lineLength++;
                break;
        }

        return 1;
    }
}
