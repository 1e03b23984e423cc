using System.Text.RegularExpressions;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>The patterns of policies: <c>*</c> stands for any text, <c>?</c> for one character.</summary>
internal static class PolicyPattern
{
    public static bool Matches(string pattern, string text, bool ignoreCase = false) => Regex.IsMatch(
        text,
        $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$",
        RegexOptions.NonBacktracking | (ignoreCase ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.None));
}
