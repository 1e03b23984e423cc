using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>
/// Asks whether the registry is who it is meant to be. A role that was asked for and not given is seen by nothing else as long as the node's own
/// role happens to do.
/// </summary>
internal sealed class IdentityCheck : ICheck<AccessFacts>
{
    // As the preflight names its own check.
    private const string ReportCheck = "Identity";

    public CheckDefinition Definition { get; } = new("identity", ConditionTypes.AccessGranted, Severity.Enforce);

    public CheckAnswer Judge(AccessFacts facts, CheckContext context)
    {
        if (facts.Report is not { } report)
        {
            return AccessUnanswered.IdentityUnknown(context);
        }

        CheckResult? asked = report.Checks.FirstOrDefault(c => c.Name == ReportCheck);
        if (report.Identity is not { } identity || asked?.Outcome == CheckOutcome.Failed)
        {
            // The preflight's answer says so already, and what to do.
            return CheckAnswer.Unknown(Reasons.NotChecked, "The registry has no credentials that work; see check liveProof.");
        }

        var meant = AskedIdentity.Of(context.Spec, report);
        if (identity.Arn is null)
        {
            return Untold(identity, asked, meant, context);
        }

        return meant.Role is not null && !IsFromSecret(identity, context) ? CompareRole(identity, meant, context) : CompareSource(identity, meant, context);
    }

    // The store does not say who asks: what can be told is where the credentials come from.
    private CheckAnswer Untold(CheckIdentity identity, CheckResult? asked, AskedIdentity meant, CheckContext context)
    {
        if (identity.Source == CheckIdentity.WebIdentitySource && asked?.Outcome == CheckOutcome.Skipped && meant.Role == identity.Role)
        {
            return CheckAnswer.Pass(Reasons.IdentityVerified, $"The token service gave the registry role {identity.Role}, as {meant.By}.");
        }

        if (asked?.Outcome == CheckOutcome.Unknown)
        {
            return CheckAnswer.Unknown(
                Reasons.IdentityUnknown, $"Who the registry is could not be found out, with credentials of kind {identity.Source}; check liveProof says why.");
        }

        if (!context.IsAws && meant.Role is not null && identity.Source != CheckIdentity.WebIdentitySource && !IsFromSecret(identity, context))
        {
            return CheckAnswer.Fail(
                identity.Source == CheckIdentity.InstanceSource ? Reasons.NodeRoleUsed : Reasons.WrongRole,
                $"The registry has credentials of kind {identity.Source}, but {meant.By}: the pod was given no token for it. "
                + "Name the role in spec.credentials.webIdentity.roleArn, which needs no webhook.");
        }

        return context.IsAws
            ? CheckAnswer.Unknown(
                Reasons.IdentityUnknown,
                $"Who the registry is could not be found out, with credentials of kind {identity.Source}: {Sentence(asked?.Message ?? "the token service did not answer")} "
                + $"This is tried again by itself. To go without: spec.validation.checks.{Definition.Name}: Warn holds nothing up.")
            : CheckAnswer.Skip(
                Reasons.NotSupportedByStore,
                $"The store{Unanswered.At(context.Driver)} has no call that says who asks; the registry's credentials are of kind {identity.Source}.");
    }

    // One resource may serve clusters with roles and clusters without: where its Secret is, the Secret's file is the identity.
    private static bool IsFromSecret(CheckIdentity identity, CheckContext context) =>
        identity.Source == CheckIdentity.ProfileSource && context.Spec.Credentials?.SecretRef is not null;

    private static CheckAnswer CompareRole(CheckIdentity identity, AskedIdentity meant, CheckContext context)
    {
        if (CallerArn.TryParse(identity.Arn, out CallerArn? real) && CallerArn.TryParse(meant.Role, out CallerArn? role) && real.IsSameAs(role))
        {
            return CheckAnswer.Pass(Reasons.IdentityVerified, $"The registry is {identity.Arn}, as {meant.By}.");
        }

        string serviceAccount = $"kubectl get serviceaccount {Names.ServiceAccount(context.Owner, context.Spec)} --namespace {context.Owner.Namespace} -o yaml";
        if (identity.Source != CheckIdentity.InstanceSource)
        {
            return CheckAnswer.Fail(
                Reasons.WrongRole,
                $"The registry is {identity.Arn}, by credentials of kind {identity.Source}, but {meant.By}. "
                + (identity.Role is { } given && given != meant.Role ? $"Its pod was given AWS_ROLE_ARN {given}: have {serviceAccount} and the resource name the same role."
                    : identity.Source == CheckIdentity.ContainerSource ? "Have the EKS Pod Identity association of its ServiceAccount and the resource name the same role, or take one of the two away."
                    : "Correct the one that names the wrong role."));
        }

        string why = identity.Role is null
            ? "the pod was given no role: EKS's webhook did not run when it was made, or the ServiceAccount in the cluster lacks the annotation"
            : "the pod was told the role, but has no token for it";
        return CheckAnswer.Fail(
            Reasons.NodeRoleUsed,
            $"The registry runs with its node's role, {identity.Arn}, but {meant.By}: {why}. Check {serviceAccount} and that the webhook runs "
            + "(kubectl get mutatingwebhookconfigurations), or name the role in spec.credentials.webIdentity.roleArn, which needs no webhook.");
    }

    private static CheckAnswer CompareSource(CheckIdentity identity, AskedIdentity meant, CheckContext context) =>
        context.Spec.Credentials?.SecretRef is not { Optional: false } || identity.Source == CheckIdentity.ProfileSource
            ? CheckAnswer.Pass(Reasons.IdentityVerified, $"The registry is {identity.Arn}, by credentials of kind {identity.Source}.")
            : CheckAnswer.Fail(
                Reasons.OtherCredentials,
                $"{meant.By}, but the registry is {identity.Arn}, by credentials of kind {identity.Source}, which go before a file. "
                + (identity.Source == CheckIdentity.ConfigSource
                    ? "Remove accesskey and secretkey from spec.config.storage.s3, or spec.credentials."
                    : "Remove the role from its ServiceAccount, or spec.credentials, or set spec.credentials.secretRef.optional to true."));

    private static string Sentence(string text) => $"{text.TrimEnd('.')}.";
}
