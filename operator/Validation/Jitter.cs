using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// Spreads what is repeated, so that resources that were made together, or found together after a restart, are not all checked at once ever
/// after. It is no chance: whichever operator asks comes to the same time.
/// </summary>
internal static class Jitter
{
    private const double Share = 0.1;

    /// <summary>When something that is repeated is due again: an interval after the last time, give or take a tenth of it.</summary>
    /// <param name="uid">What is repeated.</param>
    /// <param name="last">When it was last done. Fractions of a second do not count: not every place that keeps it keeps them.</param>
    /// <param name="interval">How often it is to be done.</param>
    public static DateTimeOffset Due(string uid, DateTimeOffset last, TimeSpan interval)
    {
        string seed = string.Create(CultureInfo.InvariantCulture, $"{uid}\n{last.ToUnixTimeSeconds()}");
        uint hash = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(seed)));
        double offset = ((double)hash / uint.MaxValue * 2) - 1;
        return last + interval + (interval * (Share * offset));
    }
}
