using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>
/// Has the kernel pass bytes from one socket to another (splice(2)), so that who stands between a registry and S3 takes next to nothing of the
/// machine: the real S3 takes nothing of it either.
/// </summary>
internal sealed partial class SocketPipe : IDisposable
{
    private const int Size = 1024 * 1024;

    // Numbers of Linux.
    private const int SetPipeSize = 1031;
    private const int CloseOnExec = 0x80000;
    private const uint MovePages = 1;
    private const int SocketLevel = 1;
    private const int MaximumPacingRate = 47;

    private readonly SafeFileHandle _out;
    private readonly SafeFileHandle _in;

    public SocketPipe()
    {
        int[] ends = new int[2];
        ThrowIfFailed(CreatePipe(ends, CloseOnExec));
        (_out, _in) = (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
        ThrowIfFailed(Control(_in, SetPipeSize, Size));
    }

    /// <summary>Has the kernel send no faster.</summary>
    public static void Pace(Socket socket, double bytesPerSecond) =>
        socket.SetRawSocketOption(SocketLevel, MaximumPacingRate, BitConverter.GetBytes((ulong)bytesPerSecond));

    /// <summary>Passes some of the bytes that come next, and waits for the first of them.</summary>
    /// <returns>How many; 0 if none come any more.</returns>
    /// <exception cref="IOException">A connection is over.</exception>
    public int Pass(Socket from, Socket to, long most)
    {
        int taken = Splice(from.SafeHandle, _in, (nint)Math.Min(most, Size));
        for (int left = taken; left > 0;)
        {
            left -= Splice(_out, to.SafeHandle, left);
        }

        return taken;
    }

    public void Dispose()
    {
        _out.Dispose();
        _in.Dispose();
    }

    private static int Splice(SafeHandle from, SafeHandle to, nint most)
    {
        try
        {
            return ThrowIfFailed((int)Splice(from, 0, to, 0, most, MovePages));
        }
        catch (Win32Exception e)
        {
            throw new IOException("bytes cannot be passed on", e);
        }
    }

    private static int ThrowIfFailed(int result) => result < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : result;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int CreatePipe([Out] int[] ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle file, int command, int value);

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    private static partial nint Splice(SafeHandle from, nint fromOffset, SafeHandle to, nint toOffset, nint length, uint flags);
}
