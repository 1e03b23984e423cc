namespace LocalRegistry.Operator.Aws;

/// <summary>What asking for a bucket's default encryption gave.</summary>
internal abstract record BucketState
{
    /// <summary>The bucket answered.</summary>
    /// <param name="Encryption">Its default encryption; null if it has none.</param>
    public sealed record Found(BucketEncryption? Encryption) : BucketState;

    /// <summary>There is no such bucket.</summary>
    public sealed record Missing : BucketState;

    /// <summary>The bucket lies in another region.</summary>
    /// <param name="Message">What the store said; AWS names the region in it.</param>
    public sealed record Elsewhere(string Message) : BucketState;

    /// <summary>The operator's identity may not ask.</summary>
    /// <param name="Message">What the store said.</param>
    public sealed record Denied(string Message) : BucketState;

    /// <summary>There are no credentials to ask with.</summary>
    public sealed record Anonymous : BucketState;

    /// <summary>The store did not answer, or not sensibly.</summary>
    /// <param name="Message">What happened.</param>
    public sealed record Unreachable(string Message) : BucketState;
}
