using System.Net;
using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>Reads <c>mirrors.yml</c>. What is not known or cannot be is an error with its path and line.</summary>
public static partial class MirrorConfigurationReader
{
    /// <summary>The most hosts that one registry stands in for.</summary>
    public const int MostMirrors = 32;

    private const string MirrorsKey = "mirrors";

    /// <param name="yaml">The file's text.</param>
    public static ConfigurationResult<MirrorConfiguration> Read(string yaml)
    {
        var problems = new ProblemList();
        if (YamlFile.Parse(yaml, "owner: namespace/name", problems) is { } root)
        {
            MirrorConfiguration value = ReadRoot(new Section(problems, root, ""));
            if (problems.Errors.Count == 0)
            {
                return new ConfigurationResult<MirrorConfiguration>(value, [], problems.Warnings);
            }
        }

        return new ConfigurationResult<MirrorConfiguration>(null, problems.ErrorsByLine(), problems.Warnings);
    }

    /// <summary>Whether a text is a LocalRegistry's <c>namespace/name</c>.</summary>
    public static bool IsOwner(string text) => OwnerGrammar().IsMatch(text);

    /// <summary>Whether a text is an absolute path of a node without <c>.</c>, <c>..</c>, empty parts and control characters.</summary>
    public static bool IsNodePath(string text) =>
        text.Length >= 2 && text[0] == '/' && !text.Any(char.IsControl) && !text[1..].Split('/').Any(part => part is "" or "." or "..");

    private static MirrorConfiguration ReadRoot(Section root)
    {
        var configuration = new MirrorConfiguration
        {
            Owner = ReadOwner(root),
            Registry = Address(root, "registry", root.RequiredText("registry", "write where the registry answers, such as 127.0.0.1:5000")) ?? new ListenAddress(null, 0),
            Debug = Address(root, "debug", root.Text("debug")),
            KnowsHosts = root.Unread.Contains(MirrorsKey),
            Mirrors = ReadMirrors(root),
            Repositories = ReadRepositories(root),
            Runtime = ReadRuntime(root.Child("runtime")),
        };
        root.End();
        return configuration;
    }

    // It is written into files of the node, as the mark of whose they are.
    private static string ReadOwner(Section root)
    {
        string owner = root.RequiredText("owner", "write the LocalRegistry's namespace/name");
        if (owner.Length > 0 && !IsOwner(owner))
        {
            root.Invalid("owner", $"must be a LocalRegistry's namespace/name, not \"{owner}\"");
        }

        return owner;
    }

    private static List<MirrorRule> ReadMirrors(Section root)
    {
        if (root.IsEmpty(MirrorsKey))
        {
            // Whoever took the last one off a list did not mean to have hosts ignored.
            root.Invalid(MirrorsKey, "must be a list: leave the key out to have hosts ignored, or write [] to stand in for none");
        }

        var mirrors = new List<MirrorRule>();
        foreach (Section section in root.Children(MirrorsKey))
        {
            string host = section.RequiredText("host", "write an image host, such as registry.example.com, or \"*\"");
            if (ImageHost.TryParse(host, out ImageHost parsed))
            {
                if (mirrors.Any(m => m.Host == parsed))
                {
                    section.Invalid("host", $"{parsed} is there already");
                }
            }
            else if (host.Length > 0)
            {
                section.Invalid("host", $"must be an image host, such as registry.example.com or registry.example.com:5000, or \"*\", not \"{host}\"");
            }

            string prefix = section.Text("prefix") ?? "";
            // A pattern without its end is a repository's name, which a prefix is too.
            if (prefix.Length > 0 && (!RepositoryPattern.TryParse(prefix, out _) || prefix.EndsWith('*')))
            {
                section.Invalid("prefix", $"must be the beginning of repositories' names without a slash at the end, such as mirror/docker.io, not \"{prefix}\"");
            }

            bool fallback = section.Flag("fallback", true);
            if (parsed.IsWildcard && !fallback)
            {
                section.Invalid("fallback", "must be true under the wildcard: without it no image of the node's own components could be pulled while the registry is down");
            }

            mirrors.Add(new MirrorRule
            {
                Host = parsed,
                Prefix = prefix,
                Fallback = fallback,
                Existing = section.Choice("existing", ExistingMirrors.Merge, ("merge", ExistingMirrors.Merge), ("replace", ExistingMirrors.Replace)),
            });
            section.End();
        }

        if (mirrors.Count > MostMirrors)
        {
            root.Invalid(MirrorsKey, $"must have {MostMirrors} entries at most");
        }

        return mirrors;
    }

    private static List<RepositoryPattern>? ReadRepositories(Section root)
    {
        if (root.IsEmpty("repositories"))
        {
            // Whoever took the last one off a list did not mean to serve all.
            root.Invalid("repositories", "must be a list: leave the key out to serve all repositories, or write [] to serve none");
        }

        if (root.TextList("repositories") is not { } texts)
        {
            return null;
        }

        var patterns = new List<RepositoryPattern>();
        foreach (string text in texts)
        {
            if (RepositoryPattern.TryParse(text, out RepositoryPattern pattern))
            {
                patterns.Add(pattern);
            }
            else
            {
                root.Invalid("repositories", $"must be repositories such as team/app, or team/* for all below team, not \"{text}\"");
            }
        }

        return patterns;
    }

    private static NodeRuntime? ReadRuntime(Section section)
    {
        if (!section.Exists)
        {
            return null;
        }

        var runtime = new NodeRuntime(
            section.Choice("kind", RuntimeKind.Containerd, ("containerd", RuntimeKind.Containerd), ("registriesconf", RuntimeKind.RegistriesConf)),
            section.Text("configuration"),
            section.TextList("directories") ?? []);
        if (runtime.Directories.Count == 0)
        {
            section.Invalid("directories", "is required: write where mirrors are configured, such as [/etc/containerd/certs.d]");
        }

        foreach (string path in runtime.Directories)
        {
            CheckPath(section, "directories", path);
        }

        if (runtime.ConfigurationFile is { } file)
        {
            CheckPath(section, "configuration", file);
        }

        section.End();
        return runtime;
    }

    // They are mounted from the node as they stand here, by root.
    private static void CheckPath(Section section, string key, string path)
    {
        if (!IsNodePath(path))
        {
            section.Invalid(key, $"must be an absolute path without \".\", \"..\" and empty parts, such as /etc/containerd/certs.d, not \"{path}\"");
        }
    }

    private static ListenAddress? Address(Section section, string key, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // Where something answers is one address: to listen on all of them is another thing.
        if (ListenAddress.TryParse(text, out ListenAddress? address)
            && address is { Ip: { } ip, Port: > 0 } && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any))
        {
            return address;
        }

        section.Invalid(key, $"must be an address with a port, such as 127.0.0.1:5000, not \"{text}\"");
        return null;
    }

    // RFC 1123: a namespace is a label, a LocalRegistry's name a subdomain.
    [GeneratedRegex(@"^(?=[^/]{1,63}/.{1,253}\z)[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex OwnerGrammar();
}
