using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The first line of every file that is written to a node: whose it is, and what the rest of it was when it was written.</summary>
/// <param name="Owner">The LocalRegistry, as <c>namespace/name</c>.</param>
/// <param name="MadeFolder">Whether the folder around the file was made for it.</param>
internal sealed partial record OwnerMark(string Owner, bool MadeFolder)
{
    /// <summary>Puts the mark before a file's content.</summary>
    /// <param name="rest">All that follows the mark's line.</param>
    public byte[] Put(string rest) => Encoding.UTF8.GetBytes(
        $"# localregistry.dev owner={Owner} folder={(MadeFolder ? "made" : "found")} sha256={Hash(Encoding.UTF8.GetBytes(rest))}\n{rest}");

    /// <summary>Reads the mark of a file.</summary>
    /// <param name="content">The file's content.</param>
    /// <param name="isAsWritten">Whether nobody has changed the file since.</param>
    /// <returns>The mark; null if the file has none.</returns>
    public static OwnerMark? Read(ReadOnlySpan<byte> content, out bool isAsWritten)
    {
        isAsWritten = false;
        int end = content.IndexOf((byte)'\n');
        Match line = Line().Match(Encoding.UTF8.GetString(end < 0 ? content : content[..end]));
        if (!line.Success)
        {
            return null;
        }

        isAsWritten = end >= 0 && line.Groups["hash"].Value == Hash(content[(end + 1)..]);
        return new OwnerMark(line.Groups["owner"].Value, line.Groups["folder"].Value == "made");
    }

    /// <summary>How to change what a file says, as comments of it.</summary>
    /// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
    public static string Explanation(string owner)
    {
        string[] parts = owner.Split('/', 2);
        return $"""
            # Written by LocalRegistry and put back to this whenever it differs. To change it, change spec.mirrors:
            #   kubectl edit localregistry --namespace {parts[0]} {parts[^1]}

            """;
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    // What follows the owner may change when somebody edits the file; it is ours all the same.
    [GeneratedRegex(@"^# localregistry\.dev owner=(?<owner>[^ /]+/[^ /]+)( folder=(?<folder>made|found))?( sha256=(?<hash>[0-9a-f]{64}))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
