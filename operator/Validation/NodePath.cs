using System.Text.RegularExpressions;

namespace LocalRegistry.Operator.Validation;

/// <summary>Paths of folders and files on the nodes, as a resource may name them.</summary>
internal static partial class NodePath
{
    /// <summary>What to say of a path that is none.</summary>
    public const string Rule = "must be an absolute path without \"..\", of letters, digits, dots, dashes and underscores";

    /// <summary>Whether it is absolute, without empty parts, "." and "..", and of characters that mean nothing to anybody.</summary>
    public static bool IsValid(string path) => Absolute().IsMatch(path);

    [GeneratedRegex(@"^(/\.?[-A-Za-z0-9_][-A-Za-z0-9_.]*)+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Absolute();
}
