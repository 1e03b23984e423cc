using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class InMemoryStoreTests : ObjectStoreContract
{
    private protected override Task<IObjectStore> CreateAsync() => Task.FromResult<IObjectStore>(new InMemoryStore());

    private protected override Task ClearAsync() => Task.CompletedTask;

    private protected override Task AssertNothingUnfinishedAsync() => Task.CompletedTask;
}
