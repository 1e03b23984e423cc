using System.Net;
using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Store;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks;

/// <summary>What scenarios share: the S3, what lies in it to be read, and candidates that run on it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    /// <summary>The root directory of what is only read.</summary>
    public const string Root = "read";

    private const int Layers = 5;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bench-");
    private readonly Lazy<StoredImage> _large;
    private readonly Lazy<StoredImage> _image;
    private readonly Lazy<StoredImage> _small;
    private readonly Lazy<Task<TestImage>> _pushed;
    private readonly List<RunningCandidate> _started = [];
    private int _roots;

    public Bench(Sizes sizes, IReadOnlyList<Candidate> candidates, BenchStore store)
    {
        Sizes = sizes;
        Candidates = candidates;
        Store = store;
        Counting = new S3Proxy(store.Target, shape: null);
        Shaped = new S3Proxy(store.Target, S3Shape.Region);
        _large = new(() => Write("bench/large", sizes.Large, 1));
        _image = new(() => Write("bench/image", sizes.Layer, Layers));
        _small = new(() => Write("bench/small", sizes.SmallLayer, Layers));
        _pushed = new(() => TestImage.CreateAsync(
            Path.Combine(_folder.FullName, "image"), new TestImageOptions { RandomLayers = Layers, RandomLayerBytes = sizes.Layer }, CancellationToken.None));
    }

    public Sizes Sizes { get; }

    public IReadOnlyList<Candidate> Candidates { get; }

    public BenchStore Store { get; }

    /// <summary>The same S3, with its requests counted.</summary>
    public S3Proxy Counting { get; }

    /// <summary>The same S3 as if it were further away.</summary>
    public S3Proxy Shaped { get; }

    /// <summary>An image in the bucket of one layer of 1 GB.</summary>
    public StoredImage Large => _large.Value;

    /// <summary>The layer of <see cref="Large"/>.</summary>
    public TestBlob LargeBlob => Large.Layers[0];

    /// <summary>An image in the bucket of five layers of 100 MB.</summary>
    public StoredImage Image => _image.Value;

    /// <summary>Where S3 gives out the object that says what the tag of <see cref="Image"/> names.</summary>
    public string TagLinkPath => BenchStore.PathOf(KeyNames.TagLink(Root, Image.Repository, Image.Tag));

    /// <summary>An image in the bucket of five small layers.</summary>
    public StoredImage Small => _small.Value;

    /// <summary>An image of five layers of 100 MB that clients push.</summary>
    public Task<TestImage> PushedAsync() => _pushed.Value;

    /// <summary>The bytes of that image's layers.</summary>
    public long PushedSize => (long)Layers * Sizes.Layer;

    /// <summary>A folder for a client's files that is not there yet.</summary>
    public string NewFolder() => Path.Combine(_folder.FullName, Path.GetRandomFileName());

    /// <summary>A root directory in the bucket that nobody wrote to.</summary>
    public string NewRoot() => FormattableString.Invariant($"written-{_roots++}");

    /// <summary>Starts a candidate.</summary>
    /// <param name="candidate">What to start.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="root">Its root directory in the bucket; null for that of what is only read.</param>
    /// <param name="s3">Where it is to find S3; null for where S3 is.</param>
    /// <param name="cacheFolder">Where its cache is, if it has one; null for an empty one.</param>
    /// <exception cref="CandidateException">It does not start.</exception>
    public async Task<RunningCandidate> StartAsync(
        Candidate candidate, CancellationToken ct, string? root = null, IPEndPoint? s3 = null, string? cacheFolder = null)
    {
        IPEndPoint store = s3 ?? Store.Target;
        Func<string, string, string> config = candidate.Kind == CandidateKind.Nginx
            ? (address, folder) => CandidateConfig.Nginx(address, folder, FilesOf(Large))
            : (address, _) => CandidateConfig.Registry(candidate, address, new Uri($"http://{store}"), BenchStore.Bucket, root ?? Root);
        RunningCandidate running = candidate.Kind == CandidateKind.S3
            ? RunningCandidate.Of(candidate, store)
            : await RunningCandidate.StartAsync(candidate, config, cacheFolder, ct);
        _started.Add(running);
        return running;
    }

    /// <summary>What candidates that were started since complained of, each complaint once.</summary>
    public IReadOnlyList<string> TakeComplaints()
    {
        string[] all = [.. _started.Select(r => r.Complaint).OfType<string>().Distinct()];
        _started.Clear();
        return all;
    }

    /// <summary>Where a candidate gives out a blob of an image.</summary>
    public static string PathOf(Candidate candidate, StoredImage image, TestBlob blob) =>
        candidate.Kind == CandidateKind.S3 ? BenchStore.PathOf(KeyNames.Blob(Root, blob.Digest)) : image.BlobPath(blob);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Counting.Dispose();
        Shaped.Dispose();
        _folder.Delete(recursive: true);
        await Store.DisposeAsync();
    }

    private StoredImage Write(string repository, long layerSize, int layers) =>
        StoredImage.Write(Store.Target, Root, repository, [.. Enumerable.Range(0, layers).Select(i => TestBlob.Create(layerSize, i))]);

    // The blobs of an image as files, under the paths at which registries give them out.
    private string FilesOf(StoredImage image)
    {
        string files = Path.Combine(_folder.FullName, "files");
        foreach (TestBlob blob in image.Layers)
        {
            var file = new FileInfo(files + image.BlobPath(blob));
            if (!file.Exists)
            {
                file.Directory!.Create();
                using FileStream stream = file.Create();
                blob.Write(stream.Write);
            }
        }

        return files;
    }
}
