using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Keeps two processes of ours from changing one folder of the node at a time: that of a pod that goes and that of the pod that comes after
/// it, or those of two owners. The system lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly SafeFileHandle _folder;

    private FolderLock(SafeFileHandle folder) => _folder = folder;

    /// <summary>Waits until nobody else holds the folder. A holder needs milliseconds.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="held">What holds it until it is disposed of; null if there is a problem.</param>
    public static FileProblem? Take(string folder, out FolderLock? held)
    {
        held = null;
        SafeFileHandle handle = Libc.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (!handle.IsInvalid)
        {
            int taken;
            while ((taken = Libc.Flock(handle, Libc.LOCK_EX)) != 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
            {
            }

            if (taken == 0)
            {
                held = new FolderLock(handle);
                return null;
            }
        }

        int error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return FileProblem.NotWritable(folder, "cannot be opened", error);
    }

    public void Dispose() => _folder.Dispose();
}
