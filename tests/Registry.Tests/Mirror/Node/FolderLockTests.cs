using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>Who holds the folder keeps others waiting, and not for ever.</summary>
public sealed class FolderLockTests : IDisposable
{
    private readonly NodeFolders _node = new();

    [Fact]
    public void A_holder_that_does_not_let_go_is_told()
    {
        Assert.Null(FolderLock.Take(_node.Root, out FolderLock? holder));
        using (holder)
        {
            var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

            FileProblem? problem = FolderLock.Take(_node.Root, time, out FolderLock? held);

            Assert.Null(held);
            Assert.Equal(NodeReasons.NotWritable, problem?.Reason);
            Assert.StartsWith($"another process holds the lock on {_node.Root}: ", problem?.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_is_taken_once_the_holder_has_let_go()
    {
        Assert.Null(FolderLock.Take(_node.Root, out FolderLock? holder));
        FolderLock? held = null;
        // A clock that stands still: it waits for as long as it takes.
        Task<FileProblem?> taking = Task.Run(() => FolderLock.Take(_node.Root, new FakeTimeProvider(), out held));

        holder!.Dispose();

        Assert.Null(await taking.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.NotNull(held);
        held.Dispose();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told()
    {
        Assert.Equal(NodeReasons.NotWritable, FolderLock.Take(Path.Combine(_node.Root, "none"), out FolderLock? held)?.Reason);
        Assert.Null(held);
    }

    public void Dispose() => _node.Dispose();
}
