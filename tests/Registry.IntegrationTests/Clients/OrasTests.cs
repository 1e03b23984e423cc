using System.Net;
using System.Text.Json;
using LocalRegistry.Registry.Tests;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>oras: artifacts, and what is attached to them.</summary>
[Collection<ClientBenchTests>]
public sealed class OrasTests(ClientBench bench)
{
    private const string Sbom = "application/vnd.example.sbom";
    private const string Signature = "application/vnd.example.signature";

    private readonly string _name = ClientBench.NewName();
    private readonly string _folder = $"{Guid.NewGuid():N}";

    private string Repository => $"{bench.Address}/{_name}";

    private string Folder => Directory.CreateDirectory(Path.Combine(bench.Home, _folder)).FullName;

    [Fact]
    public async Task Artifact_of_several_files_is_pushed_found_pulled_and_deleted()
    {
        byte[] large = TestContent.Bytes(3_000_000, seed: 11);
        File.WriteAllBytes(Path.Combine(Folder, "large.bin"), large);
        File.WriteAllText(Path.Combine(Folder, "small.txt"), "small");

        await OrasAsync("push", $"{Repository}:v1,latest", "--artifact-type", Sbom, $"{_folder}/large.bin:application/octet-stream", $"{_folder}/small.txt:text/plain");
        string digest = (await OrasAsync("resolve", $"{Repository}:v1")).Trim();
        await OrasAsync("tag", $"{Repository}@{digest}", "v2");
        await OrasAsync("pull", $"{Repository}:v2", "--output", $"{_folder}/pulled");

        Assert.Equal(large, File.ReadAllBytes(Path.Combine(Folder, "pulled", _folder, "large.bin")));
        Assert.Equal("small", File.ReadAllText(Path.Combine(Folder, "pulled", _folder, "small.txt")));
        Assert.Equal(digest, (await bench.Api.ManifestAsync(_name, "latest")).Digest);
        Assert.Equal("latest\nv1\nv2\n", await OrasAsync("repo", "tags", Repository));
        Assert.Contains(_name, (await OrasAsync("repo", "ls", bench.Address)).Split('\n'));

        await OrasAsync("manifest", "delete", "--force", $"{Repository}:v1");

        Assert.Empty(await bench.Api.TagsAsync(_name));
        Assert.Equal(HttpStatusCode.NotFound, await bench.Api.StatusAsync(HttpMethod.Get, $"/v2/{_name}/manifests/{digest}"));
    }

    [Fact]
    public async Task Blob_is_pushed_fetched_and_deleted()
    {
        byte[] blob = TestContent.Bytes(100_000, seed: 12);
        string digest = TestContent.Sha256(blob);
        File.WriteAllBytes(Path.Combine(Folder, "blob"), blob);

        await OrasAsync("blob", "push", Repository, $"{_folder}/blob");
        await OrasAsync("blob", "fetch", "--output", $"{_folder}/fetched", $"{Repository}@{digest}");
        Assert.Equal(blob, File.ReadAllBytes(Path.Combine(Folder, "fetched")));
        Assert.Equal(blob, await bench.Api.BlobAsync(_name, digest));

        await OrasAsync("blob", "delete", "--force", $"{Repository}@{digest}");
        Assert.Equal(HttpStatusCode.NotFound, await bench.Api.StatusAsync(HttpMethod.Head, $"/v2/{_name}/blobs/{digest}"));
    }

    /// <summary>By the API, and by the tag under which a client lists referrers of a registry without it.</summary>
    [Theory]
    [InlineData("v1.1-referrers-api", false)]
    [InlineData("v1.1-referrers-tag", true)]
    public async Task What_is_attached_is_listed_by_the_api_and_copied_with_its_subject(string specification, bool isTagged)
    {
        string[] way = ["--distribution-spec", specification];
        File.WriteAllText(Path.Combine(Folder, "file"), specification);
        string file = $"{_folder}/file:text/plain";
        string subject = await PushedAsync(["push", $"{Repository}:v1", file]);

        string sbom = await PushedAsync(["attach", .. way, "--artifact-type", Sbom, $"{Repository}:v1", file]);
        string signature = await PushedAsync(["attach", .. way, "--artifact-type", Signature, $"{Repository}@{sbom}", file]);
        await OrasAsync("copy", "--recursive", "--from-plain-http", "--to-plain-http", $"{Repository}:v1", $"{Repository}/copy:v1");

        foreach (string name in (string[])[_name, $"{_name}/copy"])
        {
            Assert.Equal([(sbom, Sbom)], await bench.Api.ReferrersAsync(name, subject));
            Assert.Equal([(signature, Signature)], await bench.Api.ReferrersAsync(name, sbom));
            Assert.Empty(await bench.Api.ReferrersAsync(name, signature));
            string found = await OrasAsync("discover", "--format", "json", $"{bench.Address}/{name}:v1");
            Assert.Equal([sbom, signature], DigestsBelow(found));
        }

        Assert.Equal([sbom, signature], DigestsBelow(await OrasAsync(["discover", .. way, "--format", "json", $"{Repository}:v1"])));
        string[] expected = isTagged ? [.. new[] { subject, sbom }.Select(d => d.Replace(':', '-')).Order(StringComparer.Ordinal), "v1"] : ["v1"];
        Assert.Equal(expected, await bench.Api.TagsAsync(_name));
    }

    // Each has one referrer at most.
    private static List<string> DigestsBelow(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var digests = new List<string>();
        JsonElement node = document.RootElement;
        while (node.GetProperty("referrers") is var referrers && referrers.GetArrayLength() > 0)
        {
            node = Assert.Single(referrers.EnumerateArray());
            digests.Add(node.GetProperty("digest").GetString()!);
        }

        return digests;
    }

    private async Task<string> PushedAsync(IEnumerable<string> arguments) =>
        (await OrasAsync([.. arguments, "--format", "go-template={{.digest}}"])).Trim();

    private Task<string> OrasAsync(params string[] arguments) =>
        bench.RunAsync("oras", arguments.Contains("--from-plain-http") ? arguments : [.. arguments, "--plain-http"]);
}
