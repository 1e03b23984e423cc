using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>What the documents are made for.</summary>
internal sealed record GrantScope
{
    /// <summary>The bucket and what is written to it.</summary>
    public required S3Driver Driver { get; init; }

    /// <summary>Whether nodes push.</summary>
    public AccessMode Access { get; init; } = AccessMode.ReadOnly;

    /// <summary>The registry's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The registry's ServiceAccount.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>The ARN of the registry's role or user, if it is known: the operator asks IAM about no other.</summary>
    public string? Principal { get; init; }

    /// <summary>The ARN of the KMS key that objects are encrypted with, if it is known: <c>keyid</c> resolved, or the bucket's default.</summary>
    public string? KeyArn { get; init; }

    /// <summary>Whether the bucket is AWS's own.</summary>
    public bool IsAws => Driver.IsAws;
}
