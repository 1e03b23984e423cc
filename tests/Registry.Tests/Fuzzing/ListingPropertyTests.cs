using CsCheck;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Lists that are read page by page while others write: what stays is given once and in order, and there is an end.</summary>
public sealed class ListingPropertyTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private static readonly Gen<string> Components = Texts.Of(3, "a", "b", "0", "-", ".", "_", "__").Where(c => RepositoryName.TryParse(c, out _));
    private static readonly Gen<string> Names = Components.Array[1, 3].Select(c => string.Join('/', c));
    private static readonly Gen<string> Tags = Texts.Of(5, "a", "A", "0", "-", ".", "_").Where(Reference.IsTag);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Repositories_that_stay_are_given_once_and_in_order_while_others_come_and_go() => WalkAsync(
        Names, name => KeyLayout.TagCurrentLink(new RepositoryName(name), "t"), (listing, position, count) => listing.RepositoriesAsync(MirrorTable.None, position, count, Token));

    [Fact]
    public Task Tags_that_stay_are_given_once_and_in_order_while_others_come_and_go()
    {
        var name = new RepositoryName("app");
        return WalkAsync(Tags, tag => KeyLayout.TagCurrentLink(name, tag), async (listing, position, count) => await listing.TagsAsync(name, position, count, Token) ?? ListPage.Empty);
    }

    [Fact]
    public Task Any_position_is_one_and_the_page_begins_right_after_it() => Property.HoldsAsync(
        Gen.Select(Names.Array[1, 12], Gen.OneOf(Texts.Mutated(Names), Texts.Any), Gen.Int[1, 5]),
        async input =>
        {
            using var store = new InMemoryStore();
            string[] names = [.. input.Item1.Distinct().Order(StringComparer.Ordinal)];
            await PutAsync(store, names.Select(n => KeyLayout.TagCurrentLink(new RepositoryName(n), "t")));

            ListPage page = await new RepositoryListing(store).RepositoriesAsync(MirrorTable.None, ListPosition.Parse(input.Item2), input.Item3, Token);

            string[] rest = [.. names.Where(n => string.CompareOrdinal(n, input.Item2) > 0)];
            Assert.Equal(rest.Take(input.Item3), page.Entries);
            Assert.Equal(rest.Length > input.Item3, page.HasMore);
        },
        1000);

    [Fact]
    public Task Links_lead_through_all_tags_whatever_was_asked_for_first() => Property.HoldsAsync(
        Gen.Select(Tags.Array[1, 12], Gen.Int[1, 4], Gen.OneOf(Tags, Texts.Any)),
        async input =>
        {
            TestRegistry registry = fixture.Registry;
            string name = TestContent.NewName();
            await PutAsync(registry.Store, input.Item1.Select(t => KeyLayout.TagCurrentLink(new RepositoryName(name), t)));
            // What cannot be written in UTF-8 cannot be sent.
            string last = new([.. input.Item3.Where(c => !char.IsSurrogate(c))]);
            string? next = $"/v2/{name}/tags/list?last={Uri.EscapeDataString(last)}&n={input.Item2}";
            var read = new List<string>();
            while (next is not null)
            {
                using HttpResponseMessage response = await registry.GetAsync(next);
                Assert.Equal(200, (int)response.StatusCode);
                read.AddRange((await response.JsonAsync()).GetProperty("tags").EnumerateArray().Select(t => t.GetString()!));
                Assert.True(read.Count <= input.Item1.Length, "pages without end");
                next = response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single()[1..].Split('>')[0] : null;
            }

            Assert.Equal(input.Item1.Distinct().Where(t => string.CompareOrdinal(t, last) > 0).Order(StringComparer.Ordinal), read);
        },
        300);

    private static Task WalkAsync(Gen<string> entries, Func<string, string> keyOf, Func<RepositoryListing, ListPosition, int, Task<ListPage>> readAsync) => Property.HoldsAsync(
        Gen.Select(entries.Array[0, 15], Gen.Select(entries, Gen.Bool).Array[0, 20], Gen.Int[1, 4], Gen.Int[0, 3]),
        async input =>
        {
            using var store = new InMemoryStore();
            var listing = new RepositoryListing(store);
            string[] staying = [.. input.Item1.Distinct()];
            await PutAsync(store, staying.Select(keyOf));
            var changes = new Queue<(string Name, bool IsThere)>(input.Item2.Where(c => !staying.Contains(c.Item1)));
            var read = new List<string>();
            ListPage page;
            int pages = 0;
            do
            {
                page = await readAsync(listing, read.Count == 0 ? ListPosition.Beginning : ListPosition.Parse(read[^1]), input.Item3);
                Assert.True(page.HasMore ? page.Entries.Count == input.Item3 : page.Entries.Count <= input.Item3);
                read.AddRange(page.Entries);
                for (int i = input.Item4; i > 0 && changes.TryDequeue(out var change); i--)
                {
                    await (change.IsThere ? PutAsync(store, [keyOf(change.Name)]) : store.DeleteAsync(keyOf(change.Name), Token));
                }
            }
            while (page.HasMore && ++pages < 100);

            Assert.True(read.Zip(read.Skip(1)).All(p => string.CompareOrdinal(p.First, p.Second) < 0), $"not in order: {string.Join(' ', read)}");
            Assert.Empty(staying.Except(read));
            Assert.Empty(read.Except(staying).Except(input.Item2.Select(c => c.Item1)));
        },
        1000);

    private static async Task PutAsync(IObjectStore store, IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            await store.WriteAsync(key, new byte[] { 1 }, onlyIfAbsent: false, Token);
        }
    }
}
