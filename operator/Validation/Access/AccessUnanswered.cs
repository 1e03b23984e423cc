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
            $"IAM does not know the registry's identity ({failure.Message.TrimEnd('.')}). Create that role or user, or correct what names it: spec.credentials, "
            + "the annotation of the registry's ServiceAccount, or the EKS Pod Identity association."),
        AwsFailureKind.NoCredentials => CheckAnswer.Unknown(
            Reasons.NoCredentials,
            $"The operator has no AWS credentials to ask IAM with{Unanswered.File(failure)}. {Unanswered.GiveCredentials}"),
        AwsFailureKind.BadCredentials => CheckAnswer.Unknown(
            Reasons.CredentialsRefused,
            $"IAM refuses the operator's own AWS credentials ({failure.Message.TrimEnd('.')}). {Unanswered.CorrectCredentials}"),
        AwsFailureKind.Unsupported => CheckAnswer.Skip(Reasons.NotSupportedByStore, "The IAM that is asked does not know policy simulation."),
        AwsFailureKind.Unreachable => CheckAnswer.Unknown(
            Reasons.IamUnreachable,
            $"The operator could not ask IAM what the registry may do: {failure.Message.TrimEnd('.')}. "
            + $"This is tried again by itself. If it stays so, check that the network lets the operator's pods reach IAM's endpoint. {WayOut(check)}"),
        _ => CheckAnswer.Unknown(Reasons.NotSimulatable, $"{failure.Message.TrimEnd('.')}. {WayOut(check)}"),
    };

    private static string WayOut(string check) => $"To go without: spec.validation.checks.{check}: Warn holds nothing up, Off does not ask.";
}
