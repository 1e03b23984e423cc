using System.Net.Http.Headers;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Oci;

/// <summary>One range of a representation's bytes, resolved against its size (RFC 9110, section 14).</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="Last">Offset of the last byte, included.</param>
internal readonly record struct ByteRange(long First, long Last)
{
    /// <summary>How many bytes it holds.</summary>
    public long Length => Last - First + 1;

    /// <summary>Resolves a <c>Range</c> header.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="size">The representation's size.</param>
    /// <param name="range">The range; null if the header is to be passed over (no byte range, or several), as RFC 9110 allows.</param>
    /// <returns>False if the range lies outside or ends before it begins, which is answered with 416.</returns>
    public static bool TryResolve(string? header, long size, out ByteRange? range)
    {
        range = null;
        if (header is null)
        {
            return true;
        }

        if (!RangeHeaderValue.TryParse(header, out RangeHeaderValue? value))
        {
            return !IsBackwards(header);
        }

        if (value.Unit != "bytes" || value.Ranges.Count != 1)
        {
            return true;
        }

        RangeItemHeaderValue item = value.Ranges.First();
        long first = item.From ?? Math.Max(0, size - item.To!.Value);
        long last = item.From is null ? size - 1 : Math.Min(item.To ?? long.MaxValue, size - 1);
        if (first > last)
        {
            return false;
        }

        range = new ByteRange(first, last);
        return true;
    }

    /// <summary>Reads the <c>Content-Range</c> of an uploaded chunk, <c>&lt;first&gt;-&lt;last&gt;</c> (OCI distribution-spec, Pushing a blob in chunks).</summary>
    public static bool TryParseChunk(string text, out ByteRange range)
    {
        range = default;
        ReadOnlySpan<char> bounds = text.AsSpan();
        if (bounds.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase))
        {
            bounds = bounds[6..];
        }

        int slash = bounds.IndexOf('/');
        bounds = slash < 0 ? bounds : bounds[..slash];
        int dash = bounds.IndexOf('-');
        if (dash < 0
            || !WholeNumber.TryParse(bounds[..dash], out long first)
            || !WholeNumber.TryParse(bounds[(dash + 1)..], out long last)
            || last < first
            || last - first == long.MaxValue)
        {
            return false;
        }

        range = new ByteRange(first, last);
        return true;
    }

    // RFC 9110, section 14.2, lets a server reject what is no range as well as pass over it; Docker's registry rejects this one.
    private static bool IsBackwards(ReadOnlySpan<char> header)
    {
        const string unit = "bytes=";
        int dash = header.IndexOf('-');
        return header.StartsWith(unit, StringComparison.Ordinal) && dash >= 0
            && WholeNumber.TryParse(header[unit.Length..dash], out long first) && WholeNumber.TryParse(header[(dash + 1)..], out long last) && last < first;
    }
}
