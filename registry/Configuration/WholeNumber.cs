using System.Globalization;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Numbers that somebody else wrote: digits and nothing besides. The framework's own parsers pass over NUL characters behind them.</summary>
public static class WholeNumber
{
    /// <summary>Reads a number of one digit or more, of 2^63-1 at most.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads a number up to a maximum.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int maximum, out int number)
    {
        bool isNumber = TryParse(text, out long value) && value <= maximum;
        number = isNumber ? (int)value : 0;
        return isNumber;
    }
}
