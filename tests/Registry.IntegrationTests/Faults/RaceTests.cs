using System.Net;
using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>Several registries on one bucket, Docker's own and the real program among them, that write the same things at once.</summary>
public sealed class RaceTests(S3Fixture s3) : IAsyncLifetime
{
    private const string Tag = "latest";
    private const string Repository = $"repositories/{FaultClient.Name}";

    /// <summary>A busy machine may take long; what is tested is not how long.</summary>
    private static readonly S3Timeouts Patient = new() { ReadAnswer = TimeSpan.FromSeconds(30), Read = TimeSpan.FromSeconds(90) };

    private readonly HttpClient _reader = new();
    private readonly List<FaultClient> _clients = [];
    private readonly List<Uri> _registries = [];
    private FaultBed? _first;
    private FaultBed? _second;
    private RegistryProcess? _program;
    private DockerRegistry? _dockers;
    private BucketState? _state;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        _state = new BucketState(s3, bucket, "myroot");
        _first = await FaultBed.StartAsync(s3, bucket, "myroot", Patient, Token);
        _second = await FaultBed.StartAsync(s3, bucket, "myroot", Patient, Token);
        _program = await RegistryProcess.StartAsync(RegistryFiles.For(s3, bucket));
        _dockers = await DockerRegistry.StartAsync(s3.Server, bucket, "/myroot", Token);
        _registries.AddRange([_first.Url, _second.Url, new Uri($"http://{_program.Address}"), new Uri($"http://{_dockers.Address}")]);
        _clients.AddRange(_registries.Select(r => new FaultClient(r)));
        _reader.DefaultRequestHeaders.Add("Accept", FaultImage.MediaType);
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _clients.ForEach(c => c.Dispose());
        await _dockers!.DisposeAsync();
        await _program!.DisposeAsync();
        await _second!.DisposeAsync();
        await _first!.DisposeAsync();
    }

    [Fact]
    public async Task Tag_that_ten_push_at_once_ends_on_one_of_them_and_no_reader_misses_its_manifest()
    {
        byte[] shared = TestContent.Bytes(20_000);
        FaultImage[] images = [.. Enumerable.Range(0, 10).Select(i => new FaultImage([TestContent.Bytes(300, i + 10), shared]))];
        Assert.Equal(Progress.Done, await _clients[0].PushAsync(images[0], Tag, Token));

        using var written = CancellationTokenSource.CreateLinkedTokenSource(Token);

        // Not Docker's: it answers 500 where the store says that somebody is writing the tag's link just now, to who pushes as well.
        Task<int>[] readers = [.. _registries.SkipLast(1).Select(r => ReadUntilAsync(r, images, written.Token))];
        for (int round = 0; round < 3; round++)
        {
            Progress[] pushed = await Task.WhenAll(images.Select((image, i) => _clients[(i + round) % _clients.Count].PushAsync(image, Tag, Token)));
            Assert.All(pushed, (p, i) => Assert.True(p.IsDone || (p.Status == 500 && (i + round) % _clients.Count == _clients.Count - 1), p.ToString()));
        }

        await written.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.NotEqual(0, reads));

        Assert.Empty(await _state!.ProblemsAsync(Token));
        HashSet<string> keys = await _state.KeysAsync(Token);
        string current = Encoding.ASCII.GetString(await _state.ReadAsync($"{Repository}/_manifests/tags/{Tag}/current/link", Token));
        Assert.Contains(current, images.Select(i => TestContent.Sha256(i.Manifest)));
        foreach (FaultImage image in images)
        {
            string hex = TestContent.Sha256(image.Manifest)["sha256:".Length..];
            Assert.Contains($"{Repository}/_manifests/tags/{Tag}/index/sha256/{hex}/link", keys);
            Assert.Contains($"{Repository}/_manifests/revisions/sha256/{hex}/link", keys);
        }
    }

    [Fact]
    public async Task Blob_that_all_push_at_once_is_right_whoever_wins()
    {
        byte[] blob = TestContent.Bytes(S3Driver.MinimumChunkSize + 10_000, 5);

        Progress[] pushed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _clients[i % _clients.Count].PushBlobAsync(blob, inChunks: i >= 4, Token)));

        Assert.All(pushed, p => Assert.Equal(Progress.Done, p));
        Assert.Empty(await _state!.ProblemsAsync(Token));
        string digest = TestContent.Sha256(blob);
        foreach (FaultClient client in _clients)
        {
            Assert.Equal(Progress.Done, await client.SendAsync(HttpMethod.Get, $"/v2/{FaultClient.Name}/blobs/{digest}", null, blob, Token));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tag_that_is_pushed_while_it_is_deleted_is_there_whole_or_not_at_all(bool byDigest)
    {
        var image = new FaultImage([TestContent.Bytes(300, 1)]);
        string reference = byDigest ? TestContent.Sha256(image.Manifest) : Tag;
        Assert.Equal(Progress.Done, await _clients[0].PushAsync(image, Tag, Token));
        for (int round = 0; round < 6; round++)
        {
            Task<Progress> pushing = _clients[1].SendAsync(HttpMethod.Put, $"/v2/{FaultClient.Name}/manifests/{Tag}", image.Manifest, null, Token);
            Task<Progress> deleting = _clients[0].SendAsync(HttpMethod.Delete, $"/v2/{FaultClient.Name}/manifests/{reference}", null, null, Token);

            Assert.Equal(Progress.Done, await pushing);
            Progress deleted = await deleting;
            Assert.True(deleted.IsDone || deleted.Status == 404, deleted.ToString());
            Assert.Empty(await _state!.ProblemsAsync(Token));
            foreach (Uri registry in _registries)
            {
                using HttpResponseMessage response = await AskAsync(registry, Token);
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable, $"{registry}: {response.StatusCode}");
            }
        }
    }

    private Task<HttpResponseMessage> AskAsync(Uri registry, CancellationToken cancellationToken) =>
        _reader.GetAsync(new Uri(registry, $"/v2/{FaultClient.Name}/manifests/{Tag}"), cancellationToken);

    // How often it read, always one of the manifests.
    private async Task<int> ReadUntilAsync(Uri registry, FaultImage[] images, CancellationToken end)
    {
        for (int reads = 0; ; reads++)
        {
            try
            {
                using HttpResponseMessage response = await AskAsync(registry, end);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    // The machine is busy; a tag without its manifest would be unknown.
                    continue;
                }

                byte[] content = await response.Content.ReadAsByteArrayAsync(end);
                Assert.True(response.IsSuccessStatusCode, $"{registry}: {response.StatusCode} {Encoding.UTF8.GetString(content)}");
                Assert.Contains(images, i => i.Manifest.AsSpan().SequenceEqual(content));
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return reads;
            }
        }
    }
}
