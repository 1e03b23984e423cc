using System.Security.Cryptography;

namespace LocalRegistry.Testbed;

/// <summary>What lies in a folder of a node, to the byte: for tests that want everything to be as it was.</summary>
public static class NodeFiles
{
    private static readonly char[] Separator = ['\0'];

    /// <summary>
    /// A line for everything in a folder, in the order of the paths: path, type as <c>find</c> has it, mode, owner and group; of a file also the
    /// time of its last change to the nanosecond and its content's digest, of a link where it leads. One line alone if there is no such folder.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="folder">The folder's path on the node.</param>
    /// <param name="ct">Ends the look.</param>
    public static async Task<string> DescribeAsync(Node node, string folder, CancellationToken ct)
    {
        var root = node.PathOf(folder);
        if (!Directory.Exists(root))
        {
            return Absent(folder);
        }

        // The folder itself too, whose path below itself is empty.
        var found = await CommandLine.RunAsync("find", [root, "-printf", "%P\\0%y\\0%m\\0%U:%G\\0%T@\\0%l\\0"], ct);
        var lines = new List<string>();
        foreach (var field in found.Output.Split(Separator)[..^1].Chunk(6))
        {
            var content = field[1] switch
            {
                "f" => $"{field[4]} sha256:{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(root, field[0]), ct)))}",
                "l" => $"-> {field[5]}",
                _ => "",
            };
            lines.Add($"{folder}/{field[0]} {field[1]} {field[2]} {field[3]} {content}".TrimEnd());
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    /// <summary>What <see cref="DescribeAsync"/> says of a folder that is not there.</summary>
    public static string Absent(string folder) => $"{folder} is not there";

    /// <summary>Puts a text file on a node, with the folders above it, as an admin would.</summary>
    public static async Task WriteAsync(Node node, string path, string text, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(node.PathOf(path))!);
        await File.WriteAllTextAsync(node.PathOf(path), text, ct);
    }

    /// <summary>Gives a file of a node a mode and a time of its last change.</summary>
    public static void SetAttributes(Node node, string path, UnixFileMode mode, DateTimeOffset modified)
    {
        File.SetUnixFileMode(node.PathOf(path), mode);
        File.SetLastWriteTimeUtc(node.PathOf(path), modified.UtcDateTime);
    }

    /// <summary>Reads a text file of a node; empty if it is not there.</summary>
    public static async Task<string> ReadAsync(Node node, string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(node.PathOf(path), ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    /// <summary>Takes a file or a folder of a node away, if it is there.</summary>
    public static void Delete(Node node, string path)
    {
        if (Directory.Exists(node.PathOf(path)))
        {
            Directory.Delete(node.PathOf(path), recursive: true);
        }
        else
        {
            File.Delete(node.PathOf(path));
        }
    }
}
