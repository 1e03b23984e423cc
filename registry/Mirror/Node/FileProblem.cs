using System.Runtime.InteropServices;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Why a file of the node is not as it should be, or cannot be made so.</summary>
/// <param name="Reason">One word of <see cref="NodeReasons"/>.</param>
/// <param name="Message">Why, for people, with the path and what to do.</param>
internal sealed record FileProblem(string Reason, string Message)
{
    /// <summary>A call of the system failed while something was changed.</summary>
    /// <param name="path">What was to be changed.</param>
    /// <param name="what">What was to be done, as in "cannot be kept".</param>
    /// <param name="error">The system's number of the error.</param>
    public static FileProblem NotWritable(string path, string what, int error) => error switch
    {
        Libc.ELOOP => Link(path),
        Libc.ENOTDIR => new(NodeReasons.SymbolicLink, $"{Path.GetDirectoryName(path)} is a symbolic link or no folder and is not followed: put a folder there"),
        _ => new(NodeReasons.NotWritable, $"{path} {what}: {Text(error)}"),
    };

    /// <summary>A call of the system failed while something was read.</summary>
    public static FileProblem NotReadable(string path, int error) => error switch
    {
        Libc.ELOOP or Libc.ENOTDIR => NotWritable(path, "", error),
        _ => new(NodeReasons.UnreadableExisting, $"{path} cannot be read: {Text(error)}"),
    };

    /// <summary>A symbolic link stands in the place of a file or folder.</summary>
    public static FileProblem Link(string path) =>
        new(NodeReasons.SymbolicLink, $"{path} is a symbolic link, which is not followed: put the file itself there, or take the link away");

    private static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
