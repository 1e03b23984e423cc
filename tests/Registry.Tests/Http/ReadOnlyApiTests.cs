using System.Net;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class ReadOnlyApiTests
{
    private const string Name = "library/app";

    [Fact]
    public async Task Read_only_registry_refuses_every_write_and_serves_every_read()
    {
        using var store = new InMemoryStore();
        await using TestRegistry writable = await TestRegistry.StartAsync(replace: services => services.AddSingleton<IObjectStore>(store));
        string manifest = TestContent.Sha256(await writable.PushImageAsync(Name, "v1"));
        string blob = TestContent.Sha256(TestContent.Bytes(100));
        List<string> before = await store.KeysAsync();
        await using TestRegistry readOnly = await TestRegistry.StartAsync(
            c => c with { Storage = c.Storage with { ReadOnly = true, DeleteEnabled = true } }, services => services.AddSingleton<IObjectStore>(store));

        foreach ((string method, string path) in ((string, string)[])[
            ("POST", $"/v2/{Name}/blobs/uploads/"),
            ("POST", $"/v2/{Name}/blobs/uploads/?digest={blob}"),
            ("POST", $"/v2/other/blobs/uploads/?mount={blob}&from={Name}"),
            ("PATCH", $"/v2/{Name}/blobs/uploads/x"),
            ("PUT", $"/v2/{Name}/blobs/uploads/x?digest={blob}"),
            ("DELETE", $"/v2/{Name}/blobs/uploads/x"),
            ("PUT", $"/v2/{Name}/manifests/v2"),
            ("DELETE", $"/v2/{Name}/manifests/v1"),
            ("DELETE", $"/v2/{Name}/manifests/{manifest}"),
            ("DELETE", $"/v2/{Name}/blobs/{blob}"),
            ("PUT", $"/v2/{Name}/referrers/{manifest}")])
        {
            using HttpResponseMessage refused = await readOnly.SendAsync(new HttpMethod(method), path, TestContent.Bytes(100), ("Content-Type", MediaTypes.OciManifest));
            await refused.AssertErrorAsync(405, "UNSUPPORTED");
            Assert.DoesNotContain(method, refused.Content.Headers.Allow);
        }

        foreach (string path in (string[])["/v2/", "/v2/_catalog", $"/v2/{Name}/tags/list", $"/v2/{Name}/manifests/v1", $"/v2/{Name}/manifests/{manifest}", $"/v2/{Name}/blobs/{blob}", $"/v2/{Name}/referrers/{manifest}"])
        {
            using HttpResponseMessage read = await readOnly.GetAsync(path);
            using HttpResponseMessage head = await readOnly.HeadAsync(path);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, head.StatusCode));
        }

        Assert.Equal(before, await store.KeysAsync());
    }
}
