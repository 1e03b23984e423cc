using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>What follows where IAM did not say what the registry's identity may do. It is never a failure of that identity, unless it is gone.</summary>
internal static class AccessUnanswered
{
    /// <summary>Why there is no simulation; null if there is one.</summary>
    /// <param name="facts">What was asked.</param>
    /// <param name="simulation">The simulation that is looked for.</param>
    /// <param name="check">The check's name, for the way out.</param>
    /// <param name="context">The resource.</param>
    public static CheckAnswer? Why(AccessFacts facts, AwsAnswer<Aws.Iam.SimulationResult>? simulation, string check, CheckContext context)
    {
        if (!facts.HasIam)
        {
            return CheckAnswer.Skip(
                Reasons.NotSupportedByStore,
                $"The store{Unanswered.At(context.Driver)} is not AWS, and nothing says where its IAM is, so what its policies allow is shown by the preflight alone.");
        }

        return facts switch
        {
            { Principal: null } => IdentityUnknown(context),
            { Principal.Failure: { } failure } => Because(failure, check, context),
            _ when simulation is null => CheckAnswer.Unknown(Reasons.NotChecked, "Not asked yet."),
            _ when simulation.Failure is { } failure => Because(failure, check, context),
            _ => null,
        };
    }

    /// <summary>For who the registry is, as long as no preflight has said.</summary>
    public static CheckAnswer IdentityUnknown(CheckContext context) => Severities.Of(PreflightAnswer.Check, context.Spec) == Severity.Off
        ? CheckAnswer.Skip(Reasons.NotRequired, "Not asked: check liveProof, which finds out who the registry is, is off.")
        : CheckAnswer.Unknown(Reasons.NotChecked, "Not known yet: the preflight finds out who the registry is; see check liveProof.");

    private static CheckAnswer Because(AwsFailure failure, string check, CheckContext context) => failure.Kind switch
    {
        AwsFailureKind.Denied => CheckAnswer.Unknown(
            Reasons.CheckNotPermitted,
            $"The operator may not ask IAM what the registry may do ({failure.Message.TrimEnd('.')}). Allow its identity {failure.Permission} on {failure.Resource}; "
            + $"the policy is in ConfigMap \"{context.PoliciesConfigMap}\", key operator-policy.json. {WayOut(check)}"),
        AwsFailureKind.Absent => CheckAnswer.Fail(
            Reasons.IdentityNotFound,
            $"IAM does not know the registry's identity ({failure.Message.TrimEnd('.')}). Make that role or user, or correct its name where it is asked for."),
        AwsFailureKind.NoCredentials => CheckAnswer.Unknown(
            Reasons.NoCredentials,
            $"The operator has no AWS credentials to ask IAM with{Unanswered.File(failure)}. Give its ServiceAccount a role, or make the Secret with a credentials file that its Deployment mounts."),
        AwsFailureKind.BadCredentials => CheckAnswer.Unknown(
            Reasons.CredentialsRefused,
            $"IAM refuses the operator's own AWS credentials ({failure.Message.TrimEnd('.')}). Correct the role of its ServiceAccount or the Secret that its Deployment mounts."),
        AwsFailureKind.Unsupported => CheckAnswer.Skip(Reasons.NotSupportedByStore, "The IAM that is asked does not know policy simulation."),
        AwsFailureKind.Unreachable => CheckAnswer.Unknown(
            Reasons.IamUnreachable,
            $"The operator could not ask IAM what the registry may do: {failure.Message.TrimEnd('.')}. "
            + $"Check the network between, which must let the operator reach IAM's endpoint; this is tried again by itself. {WayOut(check)}"),
        _ => CheckAnswer.Unknown(Reasons.NotSimulatable, $"{failure.Message.TrimEnd('.')}. {WayOut(check)}"),
    };

    private static string WayOut(string check) => $"Or go without: spec.validation.checks.{check}: Warn holds nothing up, Off does not ask.";
}
