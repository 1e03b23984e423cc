using System.Text;
using CsCheck;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Random texts: made of pieces that mean something to the parser at hand, and such texts with something wrong in them.</summary>
internal static class Texts
{
    private static readonly string[] Odd =
    [
        "", " ", "\0", "\n", "\r\n", "\t", "\u00e9", "\u0130", "\u212a", "\u0661", "\ud800", "\U0001F600", "\ufeff", "\u2028", "..", "/", "//", "\\", ":", "%", "%2f",
        "%00", "-", "--", "_", "+", "*", "~", "'", "\"", "<", ">", "{", "}", "[", "]", "#", "&", "|", "!", "0", "00", "-1", "1e9", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "99999999999999999999999999", "NaN", "null", "true", "A", "a", new('a', 300),
    ];

    /// <summary>Pieces in a row.</summary>
    public static Gen<string> Of(int most, params string[] pieces) => Gen.OneOf(pieces).Array[0, most].Select(string.Concat);

    /// <summary>Any text.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(Gen.OneOf(Odd).Array[0, 4].Select(string.Concat), Gen.String[0, 40], Gen.Char[' ', '~'].Array[0, 40].Select(c => new string(c)));

    /// <summary>Texts of a kind, with nothing to a few things wrong in them.</summary>
    public static Gen<string> Mutated(Gen<string> texts) => Gen.Select(texts, Mutation.Array[0, 3], (text, mutations) => mutations.Aggregate(text, (t, m) => m(t)));

    /// <summary>Bytes of texts of a kind: with things wrong in them, also such that make them no UTF-8, and with a byte order mark.</summary>
    public static Gen<byte[]> MutatedBytes(Gen<string> texts) => Gen.Select(
        Mutated(texts), Gen.Frequency((6, 0), (1, 1), (1, 2)), Gen.Int[0, int.MaxValue], Gen.Byte,
        (text, kind, at, value) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            switch (kind)
            {
                case 1:
                    return [0xEF, 0xBB, 0xBF, .. bytes];
                case 2 when bytes.Length > 0:
                    bytes[at % bytes.Length] = value;
                    return bytes;
                default:
                    return bytes;
            }
        });

    private static Gen<Func<string, string>> Mutation { get; } = Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.OneOf(Odd),
        Func<string, string> (kind, one, other, odd) => text =>
        {
            (int from, int to) = (Math.Min(one % (text.Length + 1), other % (text.Length + 1)), Math.Max(one % (text.Length + 1), other % (text.Length + 1)));
            return kind switch
            {
                0 => text[..from] + odd + text[from..],
                1 => text[..from] + odd + text[to..],
                2 => text[..from] + text[to..],
                3 => text[..to] + text[from..],
                _ => text[..from],
            };
        });
}
