using System.Net.Sockets;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Mirror.Node;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Hosting;

/// <summary>The file of the Unix socket that the registry listens on. The server removes it when it ends, unless it is killed.</summary>
internal static class SocketFile
{
    private const string Key = "http.addr";

    /// <summary>Makes room for the socket: removes one that nobody listens on any more.</summary>
    /// <param name="path">Where the socket will be.</param>
    /// <returns>Why it cannot be there; null if all is well.</returns>
    public static ConfigurationProblem? MakeRoom(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return new ConfigurationProblem(Key, null, $"the folder {folder} of the socket does not exist; create it");
        }

        switch (IsSocket(folder, Path.GetFileName(path)))
        {
            case null:
                return null;

            case false:
                return new ConfigurationProblem(Key, null, $"{path} is there and is no socket; name another path, or remove it");
        }

        if (IsListenedOn(path))
        {
            return new ConfigurationProblem(Key, null, $"another process listens on {path}; end it, or name another path");
        }

        try
        {
            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ConfigurationProblem(Key, null, $"{path} is left of a process that has ended, and cannot be removed: {e.Message}");
        }
    }

    private static bool? IsSocket(string folder, string name)
    {
        using SafeFileHandle handle = Libc.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        return !handle.IsInvalid && Libc.StatxAt(handle, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, out Statx stat) == 0 ? stat.IsSocket : null;
    }

    // Whoever may not connect cannot know, and takes the socket for a live one.
    private static bool IsListenedOn(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
