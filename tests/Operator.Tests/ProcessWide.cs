using Xunit;

namespace LocalRegistry.Operator.Tests;

/// <summary>For tests that set what the whole process has once, or read what all of it counts: they run one after the other, beside nothing else.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
