using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Login;

/// <summary>
/// The users of an htpasswd file: a line <c>user:hash</c> each, with a bcrypt hash as <c>htpasswd -B</c> makes it. Empty lines and those that begin
/// with <c>#</c> mean nothing.
/// </summary>
internal sealed partial class HtpasswdUsers
{
    /// <summary>Two to the power of it rounds: a few seconds, and the most that is waited for a password.</summary>
    private const int GreatestCost = 16;

    private const int LeastCost = 4;

    private readonly Dictionary<string, string> _hashes;
    private readonly string _decoy;

    private HtpasswdUsers(Dictionary<string, string> hashes)
    {
        _hashes = hashes;
        int cost = hashes.Count == 0 ? LeastCost : hashes.Values.Max(CostOf);
        _decoy = $"$2b${cost:00}${new string('.', 53)}";
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problems">Gets what is wrong, each with its line; hashes are not repeated.</param>
    /// <returns>The users; null if there are problems.</returns>
    public static HtpasswdUsers? Parse(string text, ICollection<(int Line, string Message)> problems)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in text.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(':');
            if (colon <= 0)
            {
                problems.Add((number, "is not user:hash"));
            }
            else if (Problem(line[(colon + 1)..]) is { } problem)
            {
                problems.Add((number, problem));
            }
            else if (!hashes.TryAdd(line[..colon], line[(colon + 1)..]))
            {
                problems.Add((number, "names a user whom an earlier line names"));
            }
        }

        return problems.Count == 0 ? new HtpasswdUsers(hashes) : null;
    }

    /// <summary>The hash that a user's password is tried on. For a user who is not there it is one that no password has, and that costs as much as the dearest of the file.</summary>
    /// <param name="user">The user's name.</param>
    /// <param name="isKnown">Whether there is such a user.</param>
    public string HashOf(string user, out bool isKnown)
    {
        isKnown = _hashes.TryGetValue(user, out string? hash);
        return hash ?? _decoy;
    }

    private static string? Problem(string hash) => !Bcrypt.IsMatch(hash)
        ? "does not have a bcrypt hash, the only kind that is taken: make the line anew with htpasswd -nB"
        : CostOf(hash) is < LeastCost or > GreatestCost ? $"has a bcrypt hash of cost {CostOf(hash)}, and from {LeastCost} to {GreatestCost} is taken" : null;

    private static int CostOf(string hash) => ((hash[4] - '0') * 10) + hash[5] - '0';

    [GeneratedRegex("^\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bcrypt { get; }
}
