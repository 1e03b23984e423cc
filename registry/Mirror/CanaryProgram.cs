using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LocalRegistry.Registry.Mirror;

/// <summary>
/// The canary's program: it exits with 0 and does nothing else. It is an executable of two program headers and two or three instructions (System V
/// ABI, ELF-64), put together here so that no compiler and no other image is needed; it needs no loader and no file besides itself.
/// </summary>
internal static class CanaryProgram
{
    private const ulong LoadAddress = 0x400000;

    // The largest page that Linux has on either architecture: a segment must be aligned to it.
    private const ulong PageSize = 0x10000;

    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int CodeOffset = HeaderSize + (2 * ProgramHeaderSize);

    private const uint ReadWrite = 6;
    private const uint ReadExecute = 5;

    /// <summary>The architecture as images name it (Go's GOARCH).</summary>
    /// <exception cref="PlatformNotSupportedException">The registry is not made for this architecture.</exception>
    public static string NameOf(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        _ => throw new PlatformNotSupportedException($"there is no canary for {architecture}"),
    };

    /// <summary>The executable's bytes.</summary>
    /// <exception cref="PlatformNotSupportedException">The registry is not made for this architecture.</exception>
    public static byte[] For(Architecture architecture) => architecture switch
    {
        Architecture.X64 => Link(
            62, // EM_X86_64
            [
                0x31, 0xff, // xor edi, edi: the status
                0xb8, 0x3c, 0x00, 0x00, 0x00, // mov eax, 60: exit
                0x0f, 0x05, // syscall
            ]),
        Architecture.Arm64 => Link(
            183, // EM_AARCH64
            [
                0x00, 0x00, 0x80, 0xd2, // mov x0, #0: the status
                0xa8, 0x0b, 0x80, 0xd2, // mov x8, #93: exit
                0x01, 0x00, 0x00, 0xd4, // svc #0
            ]),
        _ => throw new PlatformNotSupportedException($"there is no canary for {architecture}"),
    };

    private static byte[] Link(ushort machine, ReadOnlySpan<byte> code)
    {
        byte[] file = new byte[CodeOffset + code.Length];
        Span<byte> header = file;
        ReadOnlySpan<byte> identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bits, little-endian, version 1
        identification.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2); // e_type: ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], machine); // e_machine
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1); // e_version
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], LoadAddress + CodeOffset); // e_entry
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderSize); // e_phoff
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderSize); // e_ehsize
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], ProgramHeaderSize); // e_phentsize
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 2); // e_phnum
        BinaryPrimitives.WriteUInt16LittleEndian(header[58..], HeaderSize); // e_shentsize: there are no sections

        Span<byte> load = header[HeaderSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(load, 1); // p_type: PT_LOAD, the whole file
        BinaryPrimitives.WriteUInt32LittleEndian(load[4..], ReadExecute); // p_flags
        BinaryPrimitives.WriteUInt64LittleEndian(load[16..], LoadAddress); // p_vaddr
        BinaryPrimitives.WriteUInt64LittleEndian(load[24..], LoadAddress); // p_paddr
        BinaryPrimitives.WriteUInt64LittleEndian(load[32..], (ulong)file.Length); // p_filesz
        BinaryPrimitives.WriteUInt64LittleEndian(load[40..], (ulong)file.Length); // p_memsz
        BinaryPrimitives.WriteUInt64LittleEndian(load[48..], PageSize); // p_align

        // Without it older kernels make the stack executable, which a node's policy may forbid.
        Span<byte> stack = header[(HeaderSize + ProgramHeaderSize)..];
        BinaryPrimitives.WriteUInt32LittleEndian(stack, 0x6474e551); // p_type: PT_GNU_STACK
        BinaryPrimitives.WriteUInt32LittleEndian(stack[4..], ReadWrite); // p_flags
        BinaryPrimitives.WriteUInt64LittleEndian(stack[48..], 16); // p_align

        code.CopyTo(header[CodeOffset..]);
        return file;
    }
}
