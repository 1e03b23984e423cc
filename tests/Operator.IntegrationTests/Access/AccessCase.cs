using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Operator.Tests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using BucketPolicy = LocalRegistry.Operator.Aws.Bucket.BucketPolicy;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>One case of the access checks: what is set up, and what is expected to be told.</summary>
/// <param name="Given">What is set up, in a few words.</param>
/// <param name="Check">The check that is looked at.</param>
/// <param name="Outcome">How it ends.</param>
/// <param name="Reason">The reason that it gives.</param>
internal sealed record AccessCase(string Given, string Check, CheckOutcome Outcome, string Reason)
{
    /// <summary>Makes the registry's identity, under a name that is only this case's. Returns its ARN, or that of a session; null for none.</summary>
    public Func<CaseIdentity, Task<string?>> Identity { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>What the bucket's policy says; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether the operator could read the bucket's policy.</summary>
    public bool KnowsBucketPolicy { get; init; } = true;

    /// <summary>What the configuration says of S3 beyond region and bucket.</summary>
    public string S3 { get; init; } = "";

    public AccessMode Access { get; init; } = AccessMode.ReadOnly;

    /// <summary>Changes the resource.</summary>
    public Func<LocalRegistrySpec, LocalRegistrySpec> Spec { get; init; } = spec => spec;

    /// <summary>What the preflight reported, given the identity's ARN; null for no preflight so far.</summary>
    public Func<string?, CheckReport?> Report { get; init; } = arn => new CheckReport("ReadOnly", new CheckIdentity(arn, "web-identity"), []);

    /// <summary>Whom the operator calls IAM as.</summary>
    public string OperatorKey { get; init; } = "AKIAOPERATOR";

    /// <summary>Where the operator finds IAM, if not at the policy simulation.</summary>
    public Func<AwsFixture, Uri>? Iam { get; init; }

    public S3Driver Driver => Samples.Driver(S3);

    public CheckContext Context => new(Samples.Owner, Spec(Samples.Spec() with { Access = Access }), Driver);

    public BucketFacts Bucket => new()
    {
        Home = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
        Policy = !KnowsBucketPolicy ? null
            : Policy is null ? AwsAnswer<BucketPolicy>.Absent("NoSuchBucketPolicy")
            // Whoever asks IAM reads the text alone.
            : AwsAnswer<BucketPolicy>.Of(new BucketPolicy(Policy, [])),
    };

    /// <summary>The policy that gives the registry all that this case's configuration needs.</summary>
    public string AllNeeded => RightsPolicy.Of(RegistryRights.For(Access, Driver, null)).ToString();

    public override string ToString() => $"{Check}: {Given}";
}
