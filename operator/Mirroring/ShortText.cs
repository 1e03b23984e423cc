namespace LocalRegistry.Operator.Mirroring;

/// <summary>
/// Makes one short line of what a node says. It stands beside what many others say, and whoever has a node can have it say anything.
/// </summary>
internal static class ShortText
{
    private const int Longest = 260;
    private const int Head = 70;
    private const string Gap = " ... ";

    /// <summary>The first line, without control characters; of a long one beginning and end, since a chain of errors has its cause at the end.</summary>
    public static string Of(string text)
    {
        string first = text.Trim().Split('\n', 2)[0];
        string line = string.Concat(first.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return line.Length <= Longest ? line : $"{line[..Head].TrimEnd()}{Gap}{line[^(Longest - Head - Gap.Length)..].TrimStart()}";
    }

    /// <summary>Whether a text is one word, as a condition's reason must be.</summary>
    public static bool IsWord(string text) => text.Length is > 0 and <= 64 && text.All(char.IsAsciiLetterOrDigit) && char.IsAsciiLetter(text[0]);
}
