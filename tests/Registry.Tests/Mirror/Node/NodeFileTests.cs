using System.Runtime.Versioning;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

[SupportedOSPlatform("linux")]
public sealed class NodeFileTests : IDisposable
{
    private readonly NodeFolders _node = new();

    [Fact]
    public void Read_gives_content_and_permissions()
    {
        string file = _node.Put("a", "x");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Null(NodeFile.Read(file, out byte[]? content, out int permissions));

        Assert.Equal("x"u8.ToArray(), content);
        Assert.Equal(0x180, permissions);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("absent/folder")]
    public void Read_of_a_file_that_is_not_there_gives_nothing(string path)
    {
        Assert.Null(NodeFile.Read(Path.Combine(_node.Base, path), out byte[]? content, out _));
        Assert.Null(content);
    }

    [Fact]
    public void Read_follows_no_link_to_a_file()
    {
        string secret = _node.Put("secret", "x");
        string link = Path.Combine(_node.Base, "link");
        File.CreateSymbolicLink(link, secret);

        FileProblem? problem = NodeFile.Read(link, out byte[]? content, out _);

        Assert.Equal(NodeReasons.SymbolicLink, problem?.Reason);
        Assert.Contains(link, problem!.Message, StringComparison.Ordinal);
        Assert.Null(content);
    }

    [Fact]
    public void Nothing_follows_a_link_to_the_folder()
    {
        _node.Put("real/a", "x");
        string link = Path.Combine(_node.Base, "link");
        Directory.CreateSymbolicLink(link, Path.Combine(_node.Base, "real"));
        string file = Path.Combine(link, "a");

        FileProblem?[] problems =
        [
            NodeFile.Read(file, out _, out _),
            NodeFile.Stat(file, out _),
            NodeFile.Keep(file, file + ".kept"),
            NodeFile.PutBack(file, file + ".kept"),
            NodeFile.Delete(file),
            NodeFile.Write(file, "y"u8.ToArray(), NodeFile.DefaultPermissions, _ => null),
        ];

        Assert.All(problems, p => Assert.Equal(NodeReasons.SymbolicLink, p?.Reason));
        Assert.Equal("x", File.ReadAllText(Path.Combine(_node.Base, "real", "a")));
    }

    [Fact]
    public void Read_of_a_pipe_or_a_folder_does_not_wait()
    {
        string pipe = Path.Combine(_node.Base, "pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            make.WaitForExit();
        }

        Assert.Equal(NodeReasons.UnreadableExisting, NodeFile.Read(pipe, out _, out _)?.Reason);
        Assert.Equal(NodeReasons.UnreadableExisting, NodeFile.Read(_node.Root, out _, out _)?.Reason);
    }

    [Fact]
    public void Read_of_a_file_that_is_too_long_is_refused()
    {
        string file = _node.Put("a", new string('x', NodeFile.LongestFile + 1));

        Assert.Equal(NodeReasons.UnreadableExisting, NodeFile.Read(file, out _, out _)?.Reason);
    }

    [Fact]
    public void Write_replaces_the_file_and_leaves_nothing_else()
    {
        string file = _node.Put("a", "old");
        _node.Put("a.localregistry-new", "left by a process that was killed");

        Assert.Null(NodeFile.Write(file, "new"u8.ToArray(), 0x180, _ => null));

        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(_node.Base));
    }

    [Fact]
    public void Write_of_what_does_not_read_back_leaves_the_old()
    {
        string file = _node.Put("a", "old");

        FileProblem? problem = NodeFile.Write(file, "new"u8.ToArray(), NodeFile.DefaultPermissions, _ => "wrong");

        Assert.Equal(NodeReasons.NotWritable, problem?.Reason);
        Assert.Contains("wrong", problem!.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_node.Base));
    }

    [Fact]
    public void Write_replaces_a_link_to_its_temporary_file_and_follows_it_not()
    {
        string victim = _node.Put("victim", "x");
        string file = Path.Combine(_node.Base, "a");
        File.CreateSymbolicLink(NodeFile.TemporaryOf(file), victim);

        Assert.Null(NodeFile.Write(file, "new"u8.ToArray(), NodeFile.DefaultPermissions, _ => null));

        Assert.Equal("x", File.ReadAllText(victim));
        Assert.Equal("new", File.ReadAllText(file));
    }

    [Fact]
    public void Write_where_nothing_can_be_written_says_so()
    {
        FileProblem? problem = NodeFile.Write("/sys/a", "x"u8.ToArray(), NodeFile.DefaultPermissions, _ => null);

        Assert.Equal(NodeReasons.NotWritable, problem?.Reason);
        Assert.Contains("/sys/a", problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_and_put_back_keep_the_very_file()
    {
        string file = _node.Put("a", "old");
        string kept = file + ".kept";
        File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        IReadOnlyList<string> before = _node.Snapshot();

        Assert.Null(NodeFile.Keep(file, kept));
        Assert.True(NodeFile.AreSame(file, kept));
        Assert.Null(NodeFile.Write(file, "new"u8.ToArray(), NodeFile.DefaultPermissions, _ => null));
        Assert.False(NodeFile.AreSame(file, kept));
        Assert.Null(NodeFile.PutBack(kept, file));

        Assert.Equal(before, _node.Snapshot());
    }

    [Fact]
    public void Put_back_of_a_second_name_of_the_same_file_takes_the_name_away()
    {
        string file = _node.Put("a", "old");
        Assert.Null(NodeFile.Keep(file, file + ".kept"));

        Assert.Null(NodeFile.PutBack(file + ".kept", file));

        Assert.Equal([file], Directory.GetFiles(_node.Base));
    }

    [Fact]
    public void Keep_replaces_what_was_kept_before()
    {
        string file = _node.Put("a", "new");
        _node.Put("a.kept", "older");

        Assert.Null(NodeFile.Keep(file, file + ".kept"));

        Assert.Equal("new", File.ReadAllText(file + ".kept"));
    }

    public void Dispose() => _node.Dispose();
}
