using System.Net;
using k8s.Models;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Tests.Runtime;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class AppliedPlansTests : IAsyncDisposable
{
    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly Lister _shown = new();
    private readonly AppliedPlans _plans;

    public AppliedPlansTests()
    {
        _server.Answer = (_, body) => ((int)HttpStatusCode.Created, body);
        _plans = new AppliedPlans(_server.Api, _shown);
    }

    private int Calls => _server.Requests.Count;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Save_of_a_plan_that_is_kept_calls_nobody()
    {
        await SaveAsync();
        Show();
        int before = Calls;

        await SaveAsync();

        Assert.Equal(before, Calls);
    }

    [Fact]
    public async Task Save_of_a_plan_whose_revision_somebody_deleted_creates_the_same_again()
    {
        await SaveAsync();
        Show();
        await SaveAsync();
        _shown.Items.Clear();
        int before = Calls;

        await SaveAsync();

        Assert.Equal(before + 1, Calls);
        Assert.NotNull(_plans.Last(Samples.Owner));
    }

    private Task SaveAsync() => _plans.SaveAsync(Samples.Owner, Samples.Plan(), TestContext.Current.CancellationToken);

    private void Show() => _shown.Items.Add(AppliedRevision.Build(Samples.Owner, Samples.Plan(), 1));

    private sealed class Lister : ILister<V1ControllerRevision>
    {
        public List<V1ControllerRevision> Items { get; } = [];

        public IEnumerable<V1ControllerRevision> All => Items;

        public V1ControllerRevision? Get(ResourceKey key) => Items.FirstOrDefault(i => ResourceKey.Of(i) == key);

        public IEnumerable<V1ControllerRevision> List(string space) => Items.Where(i => i.Namespace() == space);
    }
}
