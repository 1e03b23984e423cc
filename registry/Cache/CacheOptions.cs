using System.CommandLine;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Cache;

/// <summary>The flags of <c>registry serve</c> that ask for the node's cache.</summary>
internal sealed class CacheOptions
{
    private readonly Option<string?> _directory = new("--cache") { Description = "A folder for a cache of content on the node's disk, which is its alone; no cache if left out." };
    private readonly Option<string?> _size = new("--cache-size") { Description = "The most bytes that the cache takes, such as 20Gi; needed with --cache." };
    private readonly Option<string?> _free = new("--cache-free") { Description = "The bytes of its file system that the cache leaves free, such as 10Gi; a tenth of all if left out." };
    private readonly Option<string?> _stale = new("--cache-stale")
    {
        Description = "Whether tags and what they name are served from the cache while the object store is away: true, the default, or false.",
    };

    private readonly Option<string?> _verify = new("--cache-verify") { Description = "How often each entry is read again and its digest checked, such as 24h, the default; 0 for never." };

    /// <summary>Adds the flags to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_directory, _size, _free, _stale, _verify])
        {
            command.Add(option);
        }
    }

    /// <summary>Reads the flags; what is refused goes to standard error, a line each.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">What they ask for; null for no cache.</param>
    /// <returns>Whether all is well.</returns>
    public bool Read(ParseResult arguments, out NodeCacheSettings? settings)
    {
        settings = Read(
            arguments.GetValue(_directory), arguments.GetValue(_size), arguments.GetValue(_free), arguments.GetValue(_stale), arguments.GetValue(_verify), out List<string> problems);
        foreach (string problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        return problems.Count == 0;
    }

    /// <summary>Reads the texts of the flags; null for those that are not there.</summary>
    public static NodeCacheSettings? Read(string? directory, string? size, string? free, string? stale, string? verify, out List<string> problems)
    {
        problems = [];
        if (directory is null)
        {
            foreach ((string flag, string? text) in ((string, string?)[])[("--cache-size", size), ("--cache-free", free), ("--cache-stale", stale), ("--cache-verify", verify)])
            {
                if (text is not null)
                {
                    problems.Add($"{flag} has no meaning without --cache: name the cache's folder with it");
                }
            }

            return null;
        }

        if (directory.Length == 0)
        {
            problems.Add("--cache: the folder has no name");
        }

        if (size is null)
        {
            problems.Add("--cache needs --cache-size: the most bytes that the cache takes, such as 20Gi");
        }

        var settings = new NodeCacheSettings(directory, size is null ? 0 : ReadSize("--cache-size", size, problems));
        if (settings.Size == 0 && problems.Count == 0)
        {
            problems.Add("--cache-size: 0 leaves no room for anything; leave --cache out to have no cache");
        }

        if (free is not null)
        {
            settings = settings with { Free = ReadSize("--cache-free", free, problems) };
        }

        if (stale is not null)
        {
            settings = settings with { ServesStale = stale == "true" };
            if (stale is not ("true" or "false"))
            {
                problems.Add($"--cache-stale: \"{stale}\" is neither true nor false");
            }
        }

        if (verify is not null)
        {
            if (!GoDuration.TryParse(verify, out TimeSpan interval))
            {
                problems.Add($"--cache-verify: \"{verify}\" is no duration such as 24h or 90m, or 0 for never");
            }

            settings = settings with { VerifyInterval = interval };
        }

        return problems.Count == 0 ? settings : null;
    }

    private static long ReadSize(string flag, string text, List<string> problems)
    {
        if (!ByteSize.TryParse(text, out ByteSize size))
        {
            problems.Add($"{flag}: \"{text}\" is no size: write whole bytes, or a whole number with Ki, Mi, Gi, Ti, k, M, G or T, such as 20Gi");
        }

        return size.Bytes;
    }
}
