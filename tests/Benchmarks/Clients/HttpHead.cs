using System.Buffers.Text;
using System.Text;

namespace LocalRegistry.Benchmarks.Clients;

/// <summary>The head of an HTTP/1.1 message, read where it lies (RFC 9112).</summary>
internal readonly ref struct HttpHead(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The first line.</summary>
    public ReadOnlySpan<byte> StartLine => _bytes[.._bytes.IndexOf("\r\n"u8)];

    /// <summary>The status code of an answer.</summary>
    public int Status => Utf8Parser.TryParse(_bytes["HTTP/1.1 ".Length..], out int status, out _) ? status : 0;

    /// <summary>The length of the content, or null.</summary>
    public long? ContentLength => Utf8Parser.TryParse(Header("content-length"u8), out long length, out _) ? length : null;

    /// <summary>Whether the content comes in chunks.</summary>
    public bool IsChunked => Ascii.EqualsIgnoreCase(Header("transfer-encoding"u8), "chunked"u8);

    /// <summary>A header's value; empty if there is none.</summary>
    /// <param name="name">Its name in lower case.</param>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = _bytes;
        while (rest.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            ReadOnlySpan<byte> line = rest[..end];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return line[(name.Length + 1)..].Trim((byte)' ');
            }

            rest = rest[(end + 2)..];
        }

        return [];
    }
}
