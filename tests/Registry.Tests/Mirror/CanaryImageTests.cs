using System.Buffers.Binary;
using System.Diagnostics;
using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text.Json;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror;

public sealed class CanaryImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A change of them is seen by every node that is rolled out to, so it should be one that was meant.
    [Theory]
    [InlineData(Architecture.X64, "sha256:ca275b3db24158b55c61850fed9282246be95ad5d15a0d2b470064f67857fbca")]
    [InlineData(Architecture.Arm64, "sha256:b57df3ef282b1d6c2a950747de7c4122c4fbf546a1a5641c0f181092de3b9aa0")]
    public void Image_is_the_same_on_every_node(Architecture architecture, string digest) =>
        Assert.Equal(digest, TestContent.Sha256(CanaryImage.For(architecture).Manifest));

    [Theory]
    [InlineData(Architecture.X64, "amd64")]
    [InlineData(Architecture.Arm64, "arm64")]
    public void Manifest_names_config_and_layer_and_config_says_what_to_run(Architecture architecture, string name)
    {
        CanaryImage image = CanaryImage.For(architecture);

        ManifestDocument manifest = ManifestDocument.TryParse(image.Manifest, MediaTypes.OciManifest, out string problem)!;
        Assert.Equal("", problem);
        Assert.Equal(
            [
                ("application/vnd.oci.image.config.v1+json", TestContent.Sha256(image.Config), image.Config.Length),
                ("application/vnd.oci.image.layer.v1.tar", TestContent.Sha256(image.Layer), image.Layer.Length),
            ],
            manifest.Content.Select(d => (d.MediaType, d.Digest.ToString(), (int)d.Size)));
        using JsonDocument config = JsonDocument.Parse(image.Config);
        Assert.Equal((name, "linux"), (config.RootElement.GetProperty("architecture").GetString(), config.RootElement.GetProperty("os").GetString()));
        JsonElement run = config.RootElement.GetProperty("config");
        Assert.Equal(("65534", "/canary"), (run.GetProperty("User").GetString(), Assert.Single(run.GetProperty("Entrypoint").EnumerateArray()).GetString()));
        Assert.Equal(
            TestContent.Sha256(image.Layer),
            Assert.Single(config.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void Layer_holds_the_program_alone_for_everybody_to_run(Architecture architecture)
    {
        using var layer = new MemoryStream(CanaryImage.For(architecture).Layer);
        using var reader = new TarReader(layer);

        TarEntry entry = reader.GetNextEntry(copyData: true)!;

        Assert.Equal(
            ("canary", TarEntryType.RegularFile, (UnixFileMode)0b101_101_101, 0, 0, DateTimeOffset.UnixEpoch),
            (entry.Name, entry.EntryType, entry.Mode, entry.Uid, entry.Gid, entry.ModificationTime));
        using var program = new MemoryStream();
        entry.DataStream!.CopyTo(program);
        Assert.Equal(CanaryProgram.For(architecture), program.ToArray());
        Assert.Null(reader.GetNextEntry());
    }

    // System V ABI, ELF-64: what the kernel looks at before it runs a file.
    [Theory]
    [InlineData(Architecture.X64, 62, "31ffb83c0000000f05")]
    [InlineData(Architecture.Arm64, 183, "000080d2a80b80d2010000d4")]
    public void Program_is_an_executable_of_its_architecture(Architecture architecture, int machine, string code)
    {
        byte[] file = CanaryProgram.For(architecture);

        Assert.Equal([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1], file[..7]);
        Assert.Equal((2, machine), (Short(16), Short(18)));
        ulong entry = Long(24);
        int load = (int)Long(32);
        Assert.Equal((1, 5), (Short(load), Short(load + 4)));
        ulong address = Long(load + 16);
        Assert.Equal((0ul, (ulong)file.Length, 0ul), (Long(load + 8), Long(load + 32), address % Long(load + 48)));
        Assert.Equal(code, Convert.ToHexStringLower(file.AsSpan((int)(entry - address))));

        int Short(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));
        ulong Long(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));
    }

    [Fact]
    public async Task Program_runs_on_this_machine_and_exits_with_0()
    {
        string layer = Path.Combine(_folder, "layer.tar");
        await File.WriteAllBytesAsync(layer, CanaryImage.For(RuntimeInformation.ProcessArchitecture).Layer, TestContext.Current.CancellationToken);

        // Another process unpacks it: a file that this one has open for writing cannot be run by a child that was begun meanwhile.
        (int unpacked, _) = await RunAsync("tar", "-xf", layer, "-C", _folder);
        (int exit, string output) = await RunAsync(Path.Combine(_folder, "canary"));

        Assert.Equal((0, 0, ""), (unpacked, exit, output));
    }

    [Fact]
    public void There_is_no_image_for_an_architecture_that_the_registry_is_not_made_for() =>
        Assert.Throws<PlatformNotSupportedException>(() => CanaryImage.For(Architecture.S390x));

    private static async Task<(int Exit, string Output)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
