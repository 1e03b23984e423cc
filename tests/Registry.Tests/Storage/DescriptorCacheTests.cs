using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class DescriptorCacheTests : IDisposable
{
    private const string Link = "a/link";
    private const string Other = "b/link";

    private readonly FakeTimeProvider _time = new();
    private readonly DescriptorCache _cache;

    public DescriptorCacheTests() => _cache = new DescriptorCache(10, time: _time);

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void Find_gives_what_was_added_under_that_key_alone_and_not_for_long()
    {
        _cache.Add(Link, 7, _cache.Stamp(Link));

        Assert.Equal(7, _cache.Find(Link));
        Assert.Null(_cache.Find(Other));
        _time.Advance(DescriptorCache.Lifetime + TimeSpan.FromTicks(1));
        Assert.Null(_cache.Find(Link));
    }

    [Fact]
    public void Absent_link_is_remembered_for_a_second()
    {
        _cache.AddAbsent(Link, _cache.Stamp(Link));

        Assert.True(_cache.IsAbsent(Link));
        Assert.False(_cache.IsAbsent(Other));
        _time.Advance(DescriptorCache.AbsentLifetime + TimeSpan.FromTicks(1));
        Assert.False(_cache.IsAbsent(Link));
    }

    [Fact]
    public void Forget_forgets_that_one_and_is_content_if_it_is_not_known()
    {
        _cache.Add(Link, 7, _cache.Stamp(Link));
        _cache.Add(Other, 8, _cache.Stamp(Other));
        _cache.AddAbsent("c", _cache.Stamp("c"));

        _cache.Forget(Link);
        _cache.Forget(Link);
        _cache.Forget("c");

        Assert.Null(_cache.Find(Link));
        Assert.Equal(8, _cache.Find(Other));
        Assert.False(_cache.IsAbsent("c"));
    }

    [Fact]
    public void What_was_asked_for_before_a_change_is_not_remembered_after_it()
    {
        long before = _cache.Stamp(Link);
        long after = _cache.Forget(Link);

        _cache.Add(Link, 7, before);
        _cache.AddAbsent(Link, before);

        Assert.Null(_cache.Find(Link));
        Assert.False(_cache.IsAbsent(Link));
        Assert.Equal(after, _cache.Stamp(Link));
        _cache.Add(Link, 7, after);
        Assert.Equal(7, _cache.Find(Link));
    }

    [Fact]
    public void Cache_of_no_entries_remembers_only_what_is_absent()
    {
        using var cache = new DescriptorCache(0);

        cache.Add(Link, 7, cache.Stamp(Link));
        cache.AddAbsent(Other, cache.Stamp(Other));

        Assert.Null(cache.Find(Link));
        Assert.True(cache.IsAbsent(Other));
        cache.Forget(Link);
    }

    [Fact]
    public void What_a_tag_named_last_is_known()
    {
        Digest first = Digest.Of(DigestAlgorithm.Sha256, [1]);
        Digest second = Digest.Of(DigestAlgorithm.Sha256, [2]);
        Assert.Null(_cache.LastNamed(Link));

        _cache.Named(Link, first);
        Assert.Equal(first, _cache.LastNamed(Link));
        _cache.Named(Link, second);
        Assert.Equal(second, _cache.LastNamed(Link));
    }

    [Fact]
    public void Cache_never_holds_more_than_it_may()
    {
        string[] links = [.. Enumerable.Range(0, 10_000).Select(i => $"{i}")];

        Array.ForEach(links, l => _cache.Add(l, 1, _cache.Stamp(l)));
        Array.ForEach(links, l => _cache.AddAbsent(l, _cache.Stamp(l)));
        Array.ForEach(links, l => _cache.Named(l, Digest.Of(DigestAlgorithm.Sha256, [1])));

        Assert.InRange(links.Count(l => _cache.Find(l) is not null), 1, 10);
        Assert.InRange(links.Count(_cache.IsAbsent), 1, DescriptorCache.SmallEntries);
        Assert.InRange(links.Count(l => _cache.LastNamed(l) is not null), 1, DescriptorCache.SmallEntries);
    }
}
