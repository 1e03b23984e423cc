using System.Runtime.InteropServices;
using LocalRegistry.Registry.Configuration.Mirrors;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Keeps two processes of ours from changing one folder of the node at a time: that of a pod that goes and that of the pod that comes after
/// it, or those of two owners. The system lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle _folder;

    private FolderLock(SafeFileHandle folder) => _folder = folder;

    /// <summary>
    /// Waits until nobody else holds the folder, for 10 s at most: one of ours needs milliseconds, and anybody who may open the folder can hold it.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="held">What holds it until it is disposed of; null if there is a problem.</param>
    public static FileProblem? Take(string folder, out FolderLock? held) => Take(folder, TimeProvider.System, out held);

    /// <summary>The same, by a clock.</summary>
    public static FileProblem? Take(string folder, TimeProvider time, out FolderLock? held)
    {
        held = null;
        SafeFileHandle handle = Libc.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        int error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : Lock(handle, time);
        if (error == 0)
        {
            held = new FolderLock(handle);
            return null;
        }

        handle.Dispose();
        return error == Libc.EWOULDBLOCK
            ? new FileProblem(NodeReasons.NotWritable, $"another process holds the lock on {folder}: find it with lslocks on the node, and end it")
            : FileProblem.NotWritable(folder, "cannot be opened", error);
    }

    public void Dispose() => _folder.Dispose();

    // The system's number of the error; 0 if it is locked.
    private static int Lock(SafeFileHandle folder, TimeProvider time)
    {
        long start = time.GetTimestamp();
        using var pause = new ManualResetEventSlim();
        while (Libc.Flock(folder, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is not (Libc.EINTR or Libc.EWOULDBLOCK) || time.GetElapsedTime(start) > LongestWait)
            {
                return error;
            }

            pause.Wait(Pause);
        }

        return 0;
    }
}
