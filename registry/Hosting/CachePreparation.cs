using System.Runtime.InteropServices;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Mirror.Node;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// Gives a folder of the node, which the kubelet made as root, to the user that the registry runs as. It needs CAP_CHOWN and nothing besides: what it
/// looks into and changes the permissions of is its own at that moment.
/// </summary>
internal static class CachePreparation
{
    private const int OwnerAlone = 0x1c0; // rwx------

    /// <summary>Prepares a folder. One that is right already is left alone; one that is somebody else's stays as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="user">The number of the user to give it to.</param>
    /// <param name="group">That of the group.</param>
    /// <returns>What is wrong, and what to do; null if the folder is ready.</returns>
    public static string? Prepare(string path, uint user, uint group)
    {
        // Without the right to read it, which is the owner's alone when all is well.
        using SafeFileHandle folder = Libc.Open(path, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (folder.IsInvalid || Libc.StatxAt(folder, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Statx found) != 0)
        {
            return $"{path} cannot be opened as a folder: {LastError()}; name one that is there, and no symbolic link";
        }

        if ((found.User, found.Group, found.Mode) == (user, group, OwnerAlone))
        {
            return null;
        }

        uint self = Libc.EffectiveUser();
        if (found.User != user && found.User != self)
        {
            return $"{path} belongs to user {found.User}, and not to the registry: choose another folder (spec.node.cache.hostPath), or remove this one on the node";
        }

        if (found.User == self && WhyNotOurs(path, user) is { } foreign)
        {
            return foreign;
        }

        // First its permissions, as its owner: there is no moment at which it is the registry's and open to others.
        return (found.User == self || Give(folder, self, group)) && Close(path) && Give(folder, user, group)
            ? null
            : $"{path} cannot be given to user {user}: {LastError()}; run this as root with CAP_CHOWN, where no policy of the node (SELinux, AppArmor) forbids it";
    }

    // What somebody keeps files in is not taken from them.
    private static string? WhyNotOurs(string path, uint user)
    {
        try
        {
            if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be looked into: {e.Message}";
        }

        using SafeFileHandle folder = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        return !folder.IsInvalid && Libc.StatxAt(folder, CacheFolder.Marker, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, out Statx mark) == 0
            && mark.IsRegular && mark.User == user
            ? null
            : $"{path} holds files, and no {CacheFolder.Marker} of user {user}'s: choose another folder (spec.node.cache.hostPath), or empty this one on the node if nobody needs them";
    }

    private static bool Give(SafeFileHandle folder, uint user, uint group) => Libc.FchownAt(folder, "", user, group, Libc.AT_EMPTY_PATH) == 0;

    private static bool Close(string path)
    {
        using SafeFileHandle folder = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        return !folder.IsInvalid && Libc.Fchmod(folder, OwnerAlone) == 0;
    }

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
