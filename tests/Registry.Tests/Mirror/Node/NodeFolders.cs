using System.Runtime.Versioning;
using System.Text;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>A node's folders in a temporary one: containerd's two folders for hosts.</summary>
internal sealed class NodeFolders : IDisposable
{
    public const string Owner = "local-registry/registry";
    public const string Other = "elsewhere/other";

    private static readonly Uri RegistryUri = new("http://127.0.0.1:5000");

    public NodeFolders()
    {
        Base = Directory.CreateTempSubdirectory("node-").FullName;
        Root = Directory.CreateDirectory(Path.Combine(Base, "certs.d")).FullName;
        Second = Directory.CreateDirectory(Path.Combine(Base, "docker")).FullName;
    }

    public string Base { get; }

    /// <summary>The folder that is written to.</summary>
    public string Root { get; }

    /// <summary>The folder that is only read.</summary>
    public string Second { get; }

    public string Hosts(string host) => Path.Combine(Root, host, "hosts.toml");

    public string Kept(string host) => Hosts(host) + ".localregistry-original";

    public HostsTomlWriter Writer(params IReadOnlyList<MirrorRule> rules) => WriterOf(Owner, rules);

    public HostsTomlWriter WriterOf(string owner, params IReadOnlyList<MirrorRule> rules) => new(owner, rules, RegistryUri, [Root, Second]);

    public static MirrorRule Rule(string host, bool fallback = true, ExistingMirrors existing = ExistingMirrors.Merge) =>
        new() { Host = new ImageHost(host), Fallback = fallback, Existing = existing };

    /// <summary>Puts a file below <see cref="Base"/>.</summary>
    public string Put(string path, string content)
    {
        string file = Path.Combine(Base, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    /// <summary>What a host's file says, without the lines that say whose it is.</summary>
    public string Body(string host) =>
        string.Concat(File.ReadAllLines(Hosts(host)).Where(l => !l.StartsWith('#')).Select(l => l + "\n"));

    /// <summary>Everything there is: folders, and files with content, permissions and time of change.</summary>
    public IReadOnlyList<string> Snapshot() =>
    [
        .. new DirectoryInfo(Base).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(i => i.FullName, StringComparer.Ordinal).Select(i =>
            i is FileInfo file && file.LinkTarget is null
                ? $"{i.FullName} {i.UnixFileMode} {i.LastWriteTimeUtc.Ticks} {Convert.ToHexString(File.ReadAllBytes(i.FullName))}"
                : $"{i.FullName} {i.UnixFileMode} {i.LinkTarget}"),
    ];

    /// <summary>The permissions of a host's file.</summary>
    [SupportedOSPlatform("linux")]
    public UnixFileMode Mode(string host) => File.GetUnixFileMode(Hosts(host));

    public void Dispose() => Directory.Delete(Base, recursive: true);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
