using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>One registry for all the tests of a class, each in repositories of its own.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    private TestRegistry? _registry;

    internal TestRegistry Registry => _registry!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => Registry.DisposeAsync();
}
