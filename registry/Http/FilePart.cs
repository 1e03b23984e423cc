using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Http;

/// <summary>Bytes that lie in a file.</summary>
/// <param name="File">The file, which stays open while it is sent.</param>
/// <param name="Offset">Where the first of them is.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct FilePart(SafeFileHandle File, long Offset, int Count);
