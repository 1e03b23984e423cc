using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class DescriptorCacheTests
{
    private static readonly RepositoryName Name = new("a");
    private static readonly Digest First = Digest.Of(DigestAlgorithm.Sha256, [1]);

    [Fact]
    public void Find_gives_what_was_added_for_that_repository_alone()
    {
        using var cache = new DescriptorCache(10);

        cache.Add(Name, First, 7);

        Assert.Equal(7, cache.Find(Name, First));
        Assert.Null(cache.Find(new RepositoryName("b"), First));
        Assert.Null(cache.Find(Name, Digest.Of(DigestAlgorithm.Sha256, [2])));
    }

    [Fact]
    public void Remove_forgets_that_one_and_is_content_if_it_is_not_known()
    {
        using var cache = new DescriptorCache(10);
        var other = new RepositoryName("b");
        cache.Add(Name, First, 7);
        cache.Add(other, First, 7);

        cache.Remove(Name, First);
        cache.Remove(Name, First);

        Assert.Null(cache.Find(Name, First));
        Assert.Equal(7, cache.Find(other, First));
    }

    [Fact]
    public void Cache_of_no_entries_remembers_nothing()
    {
        using var cache = new DescriptorCache(0);

        cache.Add(Name, First, 7);
        cache.Remove(Name, First);

        Assert.Null(cache.Find(Name, First));
    }

    [Fact]
    public void Cache_never_holds_more_than_it_may()
    {
        using var cache = new DescriptorCache(10);
        Digest[] digests = [.. Enumerable.Range(0, 1000).Select(i => Digest.Of(DigestAlgorithm.Sha256, BitConverter.GetBytes(i)))];

        Array.ForEach(digests, d => cache.Add(Name, d, 1));

        Assert.InRange(digests.Count(d => cache.Find(Name, d) is not null), 1, 10);
    }
}
