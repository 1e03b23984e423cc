using System.Net;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Lists of referrers of which one manifest is not in the store as it was pushed.</summary>
public sealed class LostReferrerTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private readonly LogRecorder _log = new();
    private readonly string _subject = TestContent.Sha256("subject"u8);
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync() => _started = await TestRegistry.StartAsync(
        configuration => configuration with { Log = new LogConfiguration { Level = LogThreshold.Warn } },
        services => services.AddSingleton<ILoggerProvider>(_log));

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("corrupt", 1)]
    [InlineData("", 1)]
    [InlineData(null, 0)]
    public async Task Referrer_whose_content_is_corrupt_or_gone_is_left_out_and_the_log_tells_of_what_is_corrupt(string? content, int warnings)
    {
        string kept = await PushAsync("kept", $""","subject":{Descriptor(_subject)}""");
        string lost = await PushAsync("lost", $""","subject":{Descriptor(_subject)}""");

        await ReplaceAsync(lost, content);

        Assert.Equal([kept], await ListAsync());
        Assert.Equal(warnings, _log.Texts.Count(t => t.StartsWith($"{lost} is left out of the referrers of {_subject} in {Name}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Corrupt_index_under_the_tag_of_referrers_hides_none_that_are_linked()
    {
        string linked = await PushAsync("linked", $""","subject":{Descriptor(_subject)}""");
        string index = await PushAsync(_subject.Replace(':', '-'), "");

        await ReplaceAsync(index, "corrupt");

        Assert.Equal([linked], await ListAsync());
        Assert.Contains(_log.Texts, t => t.StartsWith(index, StringComparison.Ordinal));
    }

    private static string Descriptor(string digest) => $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{digest}}","size":100}""";

    // An index needs no blobs.
    private Task<string> PushAsync(string tag, string members)
    {
        byte[] index = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[],"annotations":{"a":"{{tag}}"}{{members}}}""");
        return Registry.PushManifestAsync(Name, tag, index, MediaTypes.OciIndex);
    }

    // Null for no content at all.
    private async Task ReplaceAsync(string manifest, string? content)
    {
        Assert.True(Digest.TryParse(manifest, out Digest digest));
        string key = KeyLayout.BlobData(digest);
        await Registry.Store.DeleteAsync(key, TestContext.Current.CancellationToken);
        if (content is not null)
        {
            await Registry.Store.WriteAsync(key, Encoding.UTF8.GetBytes(content), onlyIfAbsent: true, TestContext.Current.CancellationToken);
        }
    }

    private async Task<IEnumerable<string?>> ListAsync()
    {
        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/referrers/{_subject}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument document = JsonDocument.Parse(await response.BytesAsync());
        return [.. document.RootElement.GetProperty("manifests").EnumerateArray().Select(d => d.GetProperty("digest").GetString())];
    }
}
