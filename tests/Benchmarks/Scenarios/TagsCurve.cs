using System.Text;
using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>How answers grow with the tags of a repository. The tags are left where they are: they are small, and to delete so many takes minutes.</summary>
internal sealed class TagsCurve : Scenario
{
    private const string Root = "tags";
    private const int Writers = 16;
    private const int Asked = 10;

    private static readonly int[] Steps = [10, 1_000, 10_000, 100_000];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public override string Name => "curve-tags";

    public override string About => "a page of 100 tags, and a manifest by a tag not asked for before, of repositories with more and more tags";

    public override IReadOnlyList<Measure> Measures { get; } = [.. Steps.SelectMany(n => new[] { Measure.Milliseconds(Page(n)), Measure.Milliseconds(Manifest(n)) })];

    public override int Rounds(int asked) => 1;

    public override Task PrepareAsync(Bench bench, CancellationToken ct)
    {
        foreach (int tags in Steps.Take(bench.Sizes.Steps))
        {
            StoredImage image = StoredImage.Write(bench.Store.Target, Root, Repository(tags), [TestBlob.Create(1_000, 0)]);
            byte[] link = Encoding.ASCII.GetBytes(image.Digest);
            Load.Run(bench.Store.Target, Writers, (connection, client, _, _) =>
            {
                for (int i = client; i < tags; i += Writers)
                {
                    BenchStore.Put(connection, KeyNames.TagLink(Root, image.Repository, Tag(i)), link);
                }

                return 0;
            }, Patience);
        }

        return Task.CompletedTask;
    }

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct, Root);
        foreach (int tags in Steps.Take(bench.Sizes.Steps))
        {
            byte[] page = HttpRequest.Get(running.Target, $"/v2/{Repository(tags)}/tags/list?n=100");
            byte[][] manifests =
            [
                .. Enumerable.Range(0, Asked).Select(i => HttpRequest.Get(running.Target, $"/v2/{Repository(tags)}/manifests/{Tag(i * tags / Asked)}")),
            ];

            // The first page is cold: it is not what is usual.
            samples.Add(Page(tags), candidate, Median([page, page, page]));
            samples.Add(Manifest(tags), candidate, Median(manifests));
        }

        double Median(byte[][] requests) =>
            Load.Run(running.Target, 1, (_, n) => n < requests.Length ? requests[n] : null, Patience).Latencies.Percentile(0.5);
    }

    private static string Repository(int tags) => FormattableString.Invariant($"tags-{tags}");

    private static string Tag(int number) => FormattableString.Invariant($"v{number:000000}");

    private static string Page(int tags) => FormattableString.Invariant($"page of {tags:#,0} tags");

    private static string Manifest(int tags) => FormattableString.Invariant($"manifest of {tags:#,0} tags");
}
