using System.Runtime.InteropServices;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What statx(2) tells of a file, as far as it is needed; the layout is the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    private const int TypeMask = 0xf000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;
    private const int SymbolicLink = 0xa000;
    private const int Socket = 0xc000;

    [FieldOffset(20)]
    private readonly uint _user;

    [FieldOffset(24)]
    private readonly uint _group;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly ulong _size;

    [FieldOffset(136)]
    private readonly uint _deviceMajor;

    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    public readonly bool IsRegular => (_mode & TypeMask) == Regular;

    public readonly bool IsFolder => (_mode & TypeMask) == Folder;

    public readonly bool IsLink => (_mode & TypeMask) == SymbolicLink;

    public readonly bool IsSocket => (_mode & TypeMask) == Socket;

    /// <summary>The bits of the permissions that a file of ours may have: read and write.</summary>
    public readonly int Permissions => _mode & 0x1b6;

    /// <summary>All bits that chmod(2) sets.</summary>
    public readonly int Mode => _mode & 0xfff;

    /// <summary>The owner's number.</summary>
    public readonly uint User => _user;

    /// <summary>The number of the group.</summary>
    public readonly uint Group => _group;

    public readonly long Size => (long)_size;

    /// <summary>Whether both names are of one file.</summary>
    public readonly bool IsSameFileAs(in Statx other) =>
        (_inode, _deviceMajor, _deviceMinor) == (other._inode, other._deviceMajor, other._deviceMinor);
}
