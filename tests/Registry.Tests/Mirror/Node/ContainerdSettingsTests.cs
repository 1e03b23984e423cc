using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>Whether containerd's configuration lets mirrors work.</summary>
public sealed class ContainerdSettingsTests : IDisposable
{
    private const string Folder = "/etc/containerd/certs.d";
    private const string Second = "/etc/docker/certs.d";
    private const string List = Folder + ":" + Second;

    private const string V3 = "version = 3\n[plugins.'io.containerd.cri.v1.images']\n{0}\n[plugins.'io.containerd.cri.v1.images'.registry]\n{1}\n";
    private const string V2 = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n{0}\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n{1}\n";

    private readonly NodeFolders _node = new();

    [Theory]
    [InlineData(V3, "", $"config_path = '{Folder}'")]
    [InlineData(V3, "", $"config_path = '{Folder}/'")]
    [InlineData(V2, "", $"config_path = \"{Folder}\"")]
    [InlineData("[plugins.cri.registry]\nconfig_path = \"/etc/containerd/certs.d\"", "", "")]
    // The list of Amazon EKS, which pulls as before 2.1.
    [InlineData(V2, "[plugins.\"io.containerd.grpc.v1.cri\".containerd]\ndiscard_unpacked_layers = true", $"config_path = \"{List}\"")]
    [InlineData(V3, "use_local_image_pull = true", $"config_path = '{List}'")]
    [InlineData(V3, "max_concurrent_downloads = 5", $"config_path = '{List}'")]
    [InlineData(V3, "disable_snapshot_annotations = false", $"config_path = '{List}'")]
    [InlineData(V3, "image_pull_with_sync_fs = true", $"config_path = '{List}'")]
    [InlineData(V3, "", $"config_path = '{List}'\n[plugins.'io.containerd.cri.v1.images'.registry.configs.'a'.auth]\nusername = 'x'")]
    // From 2.3 on the list is the default, and is read as one by who pulls locally.
    [InlineData("version = 4\n[plugins.'io.containerd.cri.v1.images']\nuse_local_image_pull = true", "", "")]
    public void Mirrors_work(string form, string images, string registry)
    {
        ContainerdSettings settings = Read(Form(form, images, registry));

        Assert.Null(settings.Problem);
        Assert.Null(settings.Doubt);
        Assert.Equal(Folder, settings.Roots[0]);
    }

    [Theory]
    [InlineData(V3, "", "", NodeReasons.NoConfigPath, $"config_path = \"{Folder}\"")]
    [InlineData(V3, "", "config_path = ''", NodeReasons.NoConfigPath, "restart containerd")]
    [InlineData("", "", "", NodeReasons.NoConfigPath, $"config_path = \"{Folder}\"")]
    [InlineData("version = 4", "", "", NodeReasons.NoConfigPath, $"config_path = \"{Folder}\"")]
    [InlineData(V3, "", "config_path = '/elsewhere'", NodeReasons.OtherConfigPath, "spec.node.runtime.directory to /elsewhere")]
    [InlineData(V3, "use_local_image_pull = true", $"config_path = '{Second}:{Folder}'", NodeReasons.OtherConfigPath, Second)]
    [InlineData(V3, "", "[plugins.'io.containerd.cri.v1.images'.registry.mirrors.'docker.io']\nendpoint = ['http://x']", NodeReasons.LegacyMirrors, "registry.mirrors")]
    [InlineData(V2, "", "[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\nendpoint = ['http://x']", NodeReasons.LegacyMirrors, "registry.mirrors")]
    [InlineData(V3, "use_local_image_pull = false", $"config_path = '{List}'", NodeReasons.ConfigPathListIgnored, "use_local_image_pull = true")]
    [InlineData("version = 4\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/etc/containerd/certs.d:/etc/docker/certs.d'", "", "", NodeReasons.ConfigPathListIgnored, List)]
    [InlineData("version = ", "", "", NodeReasons.NoRuntimeConfiguration, "spec.node.runtime.configurationFile")]
    public void Mirrors_cannot_work(string form, string images, string registry, string reason, string said)
    {
        ContainerdSettings settings = Read(Form(form, images, registry));

        Assert.Equal(reason, settings.Problem?.Reason);
        Assert.Contains(said, settings.Problem!.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_node.Base, "config.toml"), settings.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    // Read as a list by 1.7 and 2.0, which have files of these versions too.
    [InlineData(V3, "", $"config_path = '{List}'", "from 2.1 on")]
    [InlineData(V2, "", $"config_path = '{List}'", "from 2.1 on")]
    [InlineData(V3, "discard_unpacked_layers = true", "", "before 2.2")]
    [InlineData("version = 3\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/containerd/certs.d\"", "", "", "before 2.3")]
    [InlineData("version = 3\nimports = ['/absent/*.toml']\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/etc/containerd/certs.d'", "", "", "/absent/*.toml")]
    public void What_depends_on_what_cannot_be_seen_is_a_doubt(string form, string images, string registry, string said)
    {
        ContainerdSettings settings = Read(Form(form, images, registry));

        Assert.Null(settings.Problem);
        Assert.Contains(said, settings.Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void Imports_lay_themselves_over_the_file()
    {
        _node.Put("conf.d/10-path.toml", $"version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '{Folder}'");
        _node.Put("conf.d/20-other.toml", "version = 3\n[plugins.'io.containerd.cri.v1.images']\nsnapshotter = 'overlayfs'");
        _node.Put("conf.d/ignored.txt", "no TOML");

        ContainerdSettings settings = Read("imports = ['conf.d/*.toml']\n" + Form(V3, "", "config_path = '/elsewhere'"));

        Assert.Null(settings.Problem);
        Assert.Null(settings.Doubt);
    }

    [Theory]
    [InlineData("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nsandbox_image = 'x'", true)]
    [InlineData("[plugins.\"io.containerd.grpc.v1.cri\".containerd]\nsnapshotter = 'x'", true)]
    [InlineData("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = '/etc/containerd/certs.d'", false)]
    [InlineData("version = 2\n[plugins.\"io.containerd.snapshotter.v1.overlayfs\"]\nroot_path = '/x'", false)]
    // Only containerd 2 reads this one, which lays value over value.
    [InlineData("version = 3\n[plugins.'io.containerd.cri.v1.images']\nsnapshotter = 'x'", false)]
    public void An_import_that_takes_the_place_of_the_whole_table_is_a_doubt(string import, bool isDoubt)
    {
        string file = _node.Put("conf.d/10-import.toml", import);

        ContainerdSettings settings = Read("imports = ['conf.d/*.toml']\n" + Form(V2, "", $"config_path = '{Folder}'"));

        Assert.Null(settings.Problem);
        Assert.Equal(isDoubt, settings.Doubt?.Contains(file, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_later_import_with_the_path_takes_the_doubt_away()
    {
        _node.Put("conf.d/10.toml", "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nsandbox_image = 'x'");
        _node.Put("conf.d/20.toml", Form(V2, "", $"config_path = '{Folder}'"));

        Assert.Null(Read("imports = ['conf.d/*.toml']\n" + Form(V2, "", $"config_path = '{Folder}'")).Doubt);
    }

    [Fact]
    public void Folders_of_containerd_that_cannot_be_seen_are_a_doubt()
    {
        ContainerdSettings settings = Read(Form(V3, "use_local_image_pull = true", $"config_path = '{List}:/usr/share/certs.d'"));

        Assert.Null(settings.Problem);
        Assert.Contains("/usr/share/certs.d", settings.Doubt, StringComparison.Ordinal);
        Assert.DoesNotContain(Second, settings.Doubt, StringComparison.Ordinal);
        Assert.Equal([Folder, Second], settings.Roots);
    }

    [Fact]
    public void Imports_in_a_circle_end()
    {
        string file = Path.Combine(_node.Base, "config.toml");

        Assert.Null(Read($"imports = ['{file}', 'other.toml']\n" + Form(V3, "", $"config_path = '{Folder}'")).Problem);
    }

    [Fact]
    public void An_import_that_is_no_TOML_is_told()
    {
        string import = _node.Put("conf.d/bad.toml", "=");

        FileProblem? problem = Read("imports = ['conf.d/bad.toml']\n" + Form(V3, "", $"config_path = '{Folder}'")).Problem;

        Assert.Equal(NodeReasons.NoRuntimeConfiguration, problem?.Reason);
        Assert.Contains(import, problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_is_told()
    {
        FileProblem? problem = ContainerdSettings.Read(Runtime(Path.Combine(_node.Base, "absent.toml"))).Problem;

        Assert.Equal(NodeReasons.NoRuntimeConfiguration, problem?.Reason);
    }

    [Fact]
    public void Only_folders_that_containerd_looks_into_are_merged_from()
    {
        Assert.Equal([Folder], Read(Form(V3, "", $"config_path = '{Folder}'")).Roots);
        Assert.Equal([Folder, Second], Read(Form(V3, "use_local_image_pull = true", $"config_path = '{List}'")).Roots);
        Assert.Equal([Folder, Second], ContainerdSettings.Read(Runtime(null)).Roots);
    }

    public void Dispose() => _node.Dispose();

    private static string Form(string form, string images, string registry) =>
        form.Replace("{0}", images, StringComparison.Ordinal).Replace("{1}", registry, StringComparison.Ordinal);

    private ContainerdSettings Read(string text) => ContainerdSettings.Read(Runtime(_node.Put("config.toml", text)));

    private static NodeRuntime Runtime(string? file) => new(RuntimeKind.Containerd, file, [Folder, Second]);
}
