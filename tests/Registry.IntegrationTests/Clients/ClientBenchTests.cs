using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>The tests that share one registry and one container of clients; they run one after the other.</summary>
[CollectionDefinition]
public sealed class ClientBenchTests : ICollectionFixture<ClientBench>;
