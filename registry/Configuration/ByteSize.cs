using System.Globalization;

namespace LocalRegistry.Registry.Configuration;

/// <summary>
/// A number of bytes, written as Kubernetes writes quantities (kubernetes.io, Resource Management, Memory units): <c>20Gi</c>, <c>512Mi</c>, <c>10G</c>
/// or digits alone. Whole numbers only: no fractions, exponents or <c>m</c>.
/// </summary>
/// <param name="Bytes">The bytes; never negative.</param>
public readonly record struct ByteSize(long Bytes)
{
    // The first of the units: those that a size is written in.
    private const int BinaryUnits = 6;

    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("k", 1000L), ("M", 1000_000L), ("G", 1000_000_000L), ("T", 1000_000_000_000L), ("P", 1000_000_000_000_000L), ("E", 1000_000_000_000_000_000L),
    ];

    /// <summary>Reads a size of at most 2^63-1 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ByteSize size)
    {
        size = default;
        long factor = 1;
        foreach ((string suffix, long value) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                text = text[..^suffix.Length];
                factor = value;
                break;
            }
        }

        if (!WholeNumber.TryParse(text, out long number) || number > long.MaxValue / factor)
        {
            return false;
        }

        size = new ByteSize(number * factor);
        return true;
    }

    /// <summary>The size with the largest binary unit that gives a whole number, which <see cref="TryParse"/> reads again.</summary>
    public override string ToString()
    {
        for (int i = BinaryUnits - 1; i >= 0; i--)
        {
            if (Bytes != 0 && Bytes % Units[i].Factor == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Bytes / Units[i].Factor}{Units[i].Suffix}");
            }
        }

        return Bytes.ToString(CultureInfo.InvariantCulture);
    }
}
