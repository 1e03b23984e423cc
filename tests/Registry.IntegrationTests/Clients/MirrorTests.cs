using System.Net;
using System.Text.Json;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>The registry's program with a <c>mirrors.yml</c>, asked as runtimes ask it: by skopeo with a host in the path, and with <c>ns</c>.</summary>
public sealed class MirrorTests(S3Fixture s3) : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("mirror-").FullName;
    private readonly HttpClient _client = new();
    private string _debug = "";
    private RegistryProcess? _started;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RegistryProcess Registry => _started!;

    public async ValueTask InitializeAsync()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        _debug = $"127.0.0.1:{FreePort.Find()}";
        _started = await RegistryProcess.StartAsync(RegistryFiles.For(s3, bucket), Mirrors, new KeyValuePair<string, string>("REGISTRY_HTTP_DEBUG_ADDR", _debug));
        _client.BaseAddress = new Uri($"http://{Registry.Address}");
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _client.Dispose();
        _images.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("registry.example.com/team/app", "team/app", "team/app", "registry.example.com")]
    [InlineData("docker.io/library/nginx", "library/nginx", "mirror/hub/library/nginx", "docker.io")]
    [InlineData("quay.example.com_5000/app", "app", "all/quay.example.com_5000/app", "quay.example.com:5000")]
    public async Task Image_is_the_same_through_the_path_through_ns_and_by_its_name_in_the_bucket(string path, string name, string repository, string host)
    {
        TestImage image = await _images.CreateAsync(layers: 1);
        string pulled = _images.NewFolder();

        await Skopeo.CopyAsync(image.Reference, Registry.Image($"{path}:v1"), null, Token);
        await Skopeo.CopyAsync(Registry.Image($"{path}:v1"), $"oci:{pulled}:latest", null, Token);
        string tags = await Skopeo.RunAsync(["list-tags", "--tls-verify=false", Registry.Image(path)], null, Token);
        using HttpResponseMessage byNamespace = await _client.GetAsync(new Uri($"/v2/{name}/manifests/v1?ns={Uri.EscapeDataString(host)}", UriKind.Relative), Token);
        using HttpResponseMessage front = await _client.GetAsync(new Uri($"/{host}/v2/{name}/manifests/v1?ns={host}", UriKind.Relative), Token);

        Assert.Equal(TestImages.DigestsIn(image.Folder), TestImages.DigestsIn(pulled));
        Assert.Contains("\"v1\"", tags, StringComparison.Ordinal);
        Assert.Equal(image.Digest, await Skopeo.DigestAsync(Registry.Image($"{repository}:v1"), null, Token));
        Assert.Equal(image.Digest, TestContent.Sha256(await byNamespace.Content.ReadAsByteArrayAsync(Token)));
        Assert.Equal(image.Digest, TestContent.Sha256(await front.Content.ReadAsByteArrayAsync(Token)));
    }

    // The file is what a node's CRI-O and podman read; skopeo resolves names by the same library.
    [Theory]
    [InlineData("registry.example.com", "registry.example.com", "team/app")]
    [InlineData("quay.example.com:5000", "quay.example.com_5000", "all/quay.example.com_5000/team/app")]
    public async Task Image_is_pulled_by_its_own_name_where_the_registry_is_configured_as_its_mirror(string host, string path, string repository)
    {
        TestImage image = await _images.CreateAsync(layers: 1);
        string pulled = _images.NewFolder();
        await Skopeo.CopyAsync(image.Reference, Registry.Image($"{repository}:v1"), null, Token);
        string configuration = Path.Combine(_folder, "registries.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            [[registry]]
            location = "{host}"
            [[registry.mirror]]
            location = "{Registry.Address}/{path}"
            insecure = true
            """,
            Token);

        await Skopeo.RunAsync(["--registries-conf", configuration, "copy", $"docker://{host}/team/app:v1", $"oci:{pulled}:latest"], null, Token);

        Assert.Equal(TestImages.DigestsIn(image.Folder), TestImages.DigestsIn(pulled));
    }

    [Theory]
    [InlineData("registry.example.com")]
    [InlineData("docker.io")]
    [InlineData("canary.localregistry.invalid")]
    public async Task Canary_is_pulled_and_its_program_runs(string host)
    {
        string pulled = _images.NewFolder();

        await Skopeo.CopyAsync(Registry.Image($"{host}/localregistry.dev/canary:v1"), $"oci:{pulled}:latest", null, Token);
        string layer = await LayerOfAsync(pulled);
        await CommandLine.RunAsync("tar", ["-xf", layer, "-C", _folder], Token);
        CommandResult run = await CommandLine.RunAsync(Path.Combine(_folder, "canary"), [], Token);

        // Of the index skopeo takes the image for its own machine.
        Assert.Equal(3, TestImages.DigestsIn(pulled).Count);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        using HttpResponseMessage direct = await _client.GetAsync(new Uri("/v2/localregistry.dev/canary/manifests/v1", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, direct.StatusCode);
    }

    [Theory]
    [InlineData("registry.example.com")]
    [InlineData("canary.localregistry.invalid")]
    public async Task Canary_is_pulled_by_its_digest_for_every_architecture(string host)
    {
        string pulled = _images.NewFolder();
        string image = Registry.Image($"{host}/{Canary.Repository}@{Canary.Digest}");

        await Skopeo.RunAsync(["copy", "--all", "--preserve-digests", "--src-tls-verify=false", image, $"oci:{pulled}:latest"], null, Token);

        Assert.Equal(7, TestImages.DigestsIn(pulled).Count);
        Assert.Contains(Canary.Digest["sha256:".Length..], TestImages.DigestsIn(pulled));
    }

    [Fact]
    public async Task Debug_address_and_log_tell_of_what_was_pulled()
    {
        await Skopeo.CopyAsync(Registry.Image("registry.example.com/localregistry.dev/canary:v1"), $"oci:{_images.NewFolder()}:latest", null, Token);

        using JsonDocument record = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"http://{_debug}/debug/mirrors"), Token));

        JsonElement hosts = record.RootElement.GetProperty("hosts");
        Assert.Equal(["registry.example.com", "docker.io", "*"], hosts.EnumerateObject().Select(h => h.Name));
        Assert.InRange(hosts.GetProperty("registry.example.com").GetProperty("requests").GetInt32(), 3, 20);
        Assert.Equal(0, hosts.GetProperty("*").GetProperty("requests").GetInt32());
        Assert.Equal(hosts.GetProperty("registry.example.com").GetProperty("last").GetDateTimeOffset(), record.RootElement.GetProperty("last").GetDateTimeOffset());
        await Wait.UntilAsync(
            "the line of the log",
            _ => Task.FromResult((Registry.Log.Contains("canary/manifests/v1 of registry.example.com 200 ", StringComparison.Ordinal), Registry.Log)),
            TimeSpan.FromSeconds(30),
            Token);
    }

    [Fact]
    public async Task Repository_that_is_not_served_is_not_there_for_skopeo()
    {
        TestImage image = await _images.CreateAsync(layers: 1);

        CommandException push = await Assert.ThrowsAsync<CommandException>(() => Skopeo.CopyAsync(image.Reference, Registry.Image("registry.example.com/other/app:v1"), null, Token));
        CommandException pull = await Assert.ThrowsAsync<CommandException>(() => Skopeo.DigestAsync(Registry.Image("other/app:v1"), null, Token));

        Assert.Contains("not among the repositories that this registry serves", push.Message, StringComparison.Ordinal);
        Assert.Contains("not among the repositories that this registry serves", pull.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner: team/registry\nregistry: 127.0.0.1:5000\nmirrors:\n  - {host: team}\nother: 1\n", "mirrors.yml:4: mirrors[0].host: must be an image host", "mirrors.yml:5: other: is not a key")]
    [InlineData("owner: [\n", "mirrors.yml:2: is not valid YAML")]
    public async Task Serve_refuses_a_file_that_cannot_be_with_its_lines_and_exit_code_2(string mirrors, params string[] problems)
    {
        using RegistryFiles files = RegistryFiles.For(s3, "none");
        await File.WriteAllTextAsync(files.Mirrors, mirrors, Token);

        CommandResult result = await ServeAsync(files, files.Mirrors);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(problems.Length, result.Error.Trim().Split('\n').Length);
        Assert.All(problems, p => Assert.Contains(p, result.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_refuses_a_file_that_is_not_there()
    {
        using RegistryFiles files = RegistryFiles.For(s3, "none");

        CommandResult result = await ServeAsync(files, "/nowhere/mirrors.yml");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("/nowhere/mirrors.yml: cannot be read: ", result.Error, StringComparison.Ordinal);
    }

    private static string Mirrors(string address) => $$"""
        owner: team/registry
        registry: {{address}}
        mirrors:
          - {host: registry.example.com, prefix: ""}
          - {host: docker.io, prefix: mirror/hub}
          - {host: "*", prefix: all}
        repositories: [team/*, mirror/*, all/*]
        """;

    private static Task<CommandResult> ServeAsync(RegistryFiles files, string mirrors) => CommandLine.RunAsync(
        RegistryProgram.Path,
        RegistryProgram.Arguments("serve", files.Config, "--mirrors", mirrors),
        new CommandOptions { AnyExitCode = true, Environment = RegistryProgram.VariablesFor(files) },
        Token);

    private static async Task<string> LayerOfAsync(string layout)
    {
        using JsonDocument index = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(layout, "index.json"), Token));
        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf(index.RootElement.GetProperty("manifests")[0]), Token));
        return PathOf(Assert.Single(manifest.RootElement.GetProperty("layers").EnumerateArray()));

        string PathOf(JsonElement descriptor) => Path.Combine(layout, "blobs", descriptor.GetProperty("digest").GetString()!.Replace(':', '/'));
    }
}
