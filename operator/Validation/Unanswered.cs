using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation;

/// <summary>What follows from a question that was not answered. It is never a failure of what was asked about.</summary>
internal static class Unanswered
{
    /// <summary>What gives the operator credentials.</summary>
    public const string GiveCredentials = "Give its ServiceAccount a role and restart its Deployment, or create the Secret with a credentials file that the Deployment mounts "
        + "(local-registry-operator-aws, key credentials, unless the chart's values name another).";

    /// <summary>What to do about credentials of the operator that are refused.</summary>
    public const string CorrectCredentials = "Correct the role of its ServiceAccount, or the Secret that its Deployment mounts "
        + "(local-registry-operator-aws, key credentials, unless the chart's values name another).";

    /// <summary>For what was not read, because something before it went wrong.</summary>
    public static CheckAnswer NotRead(CheckContext context) => CheckAnswer.Unknown(
        Reasons.NotChecked, $"Not asked, because the operator does not get at bucket \"{context.Driver.Bucket}\".");

    /// <param name="failure">Why there is no answer.</param>
    /// <param name="what">What was asked, as in "the operator may not read WHAT".</param>
    /// <param name="context">The resource.</param>
    public static CheckAnswer Because(AwsFailure failure, string what, CheckContext context) => failure.Kind switch
    {
        AwsFailureKind.Denied => CheckAnswer.Unknown(
            Reasons.CheckNotPermitted,
            $"The operator may not read {what} ({failure.Message.TrimEnd('.')}). Allow its identity {failure.Permission} on {failure.Resource}; "
            + $"the policy is in ConfigMap \"{context.PoliciesConfigMap}\", key operator-policy.json."
            + (context.IsAws ? "" : " Stores other than AWS's may answer so to a wrong key, too.")),
        AwsFailureKind.NoCredentials => CheckAnswer.Unknown(
            Reasons.NoCredentials,
            $"The operator has no AWS credentials to read {what} with{File(failure)}. {GiveCredentials}"),
        AwsFailureKind.BadCredentials => CheckAnswer.Unknown(
            Reasons.CredentialsRefused,
            $"The operator's own AWS credentials are refused{At(context.Driver)} ({failure.Message.TrimEnd('.')}). {CorrectCredentials} "
            + "A clock that is wrong by more than 15 minutes has the same effect."),
        // S3 itself knows every setting, but tells some to identities of the bucket's own account only.
        AwsFailureKind.Unsupported when context.IsAws => CheckAnswer.Unknown(
            Reasons.CheckNotPermitted,
            $"S3 does not tell {what} to an identity of another account ({failure.Message.TrimEnd('.')}). Give the operator a role of the bucket's own account."),
        AwsFailureKind.Unsupported => CheckAnswer.Skip(
            Reasons.NotSupportedByStore, $"The store{At(context.Driver)} does not know this setting ({what}), so it is not checked."),
        AwsFailureKind.NoSuchBucket or AwsFailureKind.OtherRegion => NotRead(context),
        AwsFailureKind.Invalid or AwsFailureKind.Absent => CheckAnswer.Unknown(
            Reasons.StoreRefused, $"The store refused to tell {what}: {failure.Message.TrimEnd('.')}."),
        AwsFailureKind.Unreachable => CheckAnswer.Unknown(
            Reasons.StoreUnreachable,
            $"The operator could not read {what}{At(context.Driver)}: {failure.Message.TrimEnd('.')}. This is tried again by itself. If it stays so, check "
            + (context.Driver.RegionEndpoint is null ? "" : "spec.config.storage.s3.regionendpoint and ")
            + "the network between the operator's pods and the store."),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };

    /// <summary>What is wrong with the operator's own credentials file, for a sentence; nothing if it has none.</summary>
    public static string File(AwsFailure failure) =>
        failure.Message.StartsWith(SharedCredentials.Unreadable, StringComparison.Ordinal) ? $" ({failure.Message})" : "";

    /// <summary>Where the store is, for a sentence.</summary>
    public static string At(S3Driver driver) =>
        driver.RegionEndpoint is null ? $" in region {driver.Region}" : $" at {driver.RegionEndpoint.GetLeftPart(UriPartial.Authority)}";
}
