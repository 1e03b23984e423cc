using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Tests that take away what all others need: they run one after another, when those are done.</summary>
[CollectionDefinition(nameof(ClusterAlone), DisableParallelization = true)]
public sealed class ClusterAlone;
