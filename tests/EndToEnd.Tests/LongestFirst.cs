using Xunit.Sdk;
using Xunit.v3;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Has the classes that take minutes begin first, so that none of them is left to run by itself in the end. All others come as they may.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(MirrorTests), nameof(SecretRotationTests), nameof(JobPlacementTests), nameof(JobSecretTests), nameof(JobQuotaTests), nameof(ValidationTests),
        nameof(NoConfigPathTests), nameof(LostEncryptionTests),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => Place(collection))];

    // A class that is in no collection is one of its own, named after it.
    private static int Place(ITestCollection collection) =>
        Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is >= 0 and var place ? place : Longest.Length;
}
