namespace LocalRegistry.Operator.Mirroring;

/// <summary>
/// Makes one short line of what a node says. It stands beside what many others say, and whoever has a node can have it say anything.
/// </summary>
internal static class ShortText
{
    /// <summary>Room for what a kubelet says of a pull, whose cause is at the end.</summary>
    public const int OfKubelet = 260;

    /// <summary>Room for what a node says of its configuration, with paths and what to do.</summary>
    public const int OfReport = 400;

    /// <summary>Room for both.</summary>
    public const int OfNode = OfKubelet + OfReport + 100;

    private const string Gap = " ... ";

    /// <summary>The first line, without control characters; of a long one beginning and end, since a chain of errors has its cause at the end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many characters there is room for.</param>
    public static string Of(string text, int longest = OfKubelet)
    {
        string first = text.Trim().Split('\n', 2)[0];
        string line = string.Concat(first.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        int head = longest / 4;
        return line.Length <= longest ? line : $"{line[..head].TrimEnd()}{Gap}{line[^(longest - head - Gap.Length)..].TrimStart()}";
    }

    /// <summary>Whether a text is one word, as a condition's reason must be.</summary>
    public static bool IsWord(string text) => text.Length is > 0 and <= 64 && text.All(char.IsAsciiLetterOrDigit) && char.IsAsciiLetter(text[0]);
}
