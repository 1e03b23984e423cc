using System.Buffers;
using System.Globalization;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Durations as Go's <c>time.ParseDuration</c> reads them, and bare numbers as Docker's registry does.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", 0.01), ("us", 10), ("µs", 10), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>; a number without a unit counts nanoseconds. Negative durations are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (WholeNumber.TryParse(text, out long nanoseconds))
        {
            // Never down to nothing, which other keys take for their default.
            duration = TimeSpan.FromTicks((nanoseconds / 100) + (nanoseconds % 100 > 0 ? 1 : 0));
            return true;
        }

        if (text.IsEmpty)
        {
            return false;
        }

        double ticks = 0;
        while (text.Length > 0)
        {
            int digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            text = text[digits..];
            int letters = text.IndexOfAny(NumberCharacters);
            ReadOnlySpan<char> unit = letters < 0 ? text : text[..letters];
            double? scale = ScaleOf(unit);
            if (scale is null)
            {
                return false;
            }

            ticks += number * scale.Value;
            text = text[unit.Length..];
        }

        if (ticks > TimeSpan.MaxValue.Ticks / 2)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    private static double? ScaleOf(ReadOnlySpan<char> unit)
    {
        foreach ((string name, double ticks) in Units)
        {
            if (unit.SequenceEqual(name))
            {
                return ticks;
            }
        }

        return null;
    }
}
