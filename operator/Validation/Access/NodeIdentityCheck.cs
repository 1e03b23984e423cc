using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Asks whether the registry has an identity of its own. The node's role is also that of whatever else gets at the node's metadata service.</summary>
internal sealed class NodeIdentityCheck : ICheck<AccessFacts>
{
    public CheckDefinition Definition { get; } = new("nodeIdentity", ConditionTypes.AccessGranted, Severity.Warn);

    public CheckAnswer Judge(AccessFacts facts, CheckContext context) => facts.Report switch
    {
        null => AccessUnanswered.IdentityUnknown(context),
        { Identity: null } => CheckAnswer.Skip(Reasons.NotRequired, "The registry has no identity at all; see check identity."),
        { Identity.Source: not CheckIdentity.InstanceSource } report => CheckAnswer.Pass(
            Reasons.OwnIdentity, $"The registry's credentials are of kind {report.Identity!.Source}, not the node's."),
        { } report when AskedIdentity.Of(context.Spec, report).Role is not null => CheckAnswer.Skip(
            Reasons.NotRequired, "A role of its own was asked for and not given; see check identity."),
        { } report => CheckAnswer.Fail(
            Reasons.NodeIdentityShared,
            $"The registry runs with its node's role, {report.Identity!.Arn ?? "which has no name here"}: whatever it may do, every pod in the node's network may do too. "
            + "Give it a role of its own: spec.credentials.webIdentity.roleArn, an EKS Pod Identity association, "
            + $"or the annotation {RegistryServiceAccount.RoleAnnotation} in spec.serviceAccount.annotations."),
    };
}
