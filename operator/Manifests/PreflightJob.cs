using System.Globalization;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The Job that makes the registry's real calls as the registry: <c>registry check</c>, whose answer is the container's termination message.</summary>
internal static class PreflightJob
{
    private const string TerminationLog = "/dev/termination-log";
    private const int DeadlineSeconds = 120;

    /// <param name="owner">The resource.</param>
    /// <param name="plan">What would be rolled out.</param>
    /// <param name="attempt">Counts the resource's preflights, from 1.</param>
    /// <param name="failures">How many of them in a row have not passed.</param>
    /// <param name="serving">The plan that serves; null if none does.</param>
    public static V1Job Build(Owner owner, RolloutPlan plan, int attempt, int failures, RolloutPlan? serving)
    {
        string inputs = InputsHash(owner, plan);
        V1PodTemplateSpec template = RegistryPodTemplate.Build(owner, WithOwnRole(plan, serving), Labels.PreflightComponent);
        template.Spec.RestartPolicy = "Never";
        // The registry stays on a node that is down; the preflight must not be sent to one. Those are tainted NoExecute too.
        template.Spec.Tolerations = [.. plan.Spec.Node.Tolerations ?? [new V1Toleration { OperatorProperty = "Exists", Effect = "NoSchedule" }]];
        template.Spec.TerminationGracePeriodSeconds = 5;
        V1Container container = template.Spec.Containers[0];
        container.Args = ["check", RegistryPodTemplate.ConfigPath, "--output", TerminationLog];
        // A crash writes no answer; the end of its log says more than nothing.
        container.TerminationMessagePolicy = "FallbackToLogsOnError";

        V1ObjectMeta metadata = owner.Metadata(Names.Preflight(owner, inputs, attempt), Labels.PreflightComponent);
        metadata.Labels[Labels.PreflightInputs] = inputs;
        metadata.Labels[Labels.PreflightAttempt] = attempt.ToString(CultureInfo.InvariantCulture);
        metadata.Annotations = new Dictionary<string, string> { [Labels.PreflightFailures] = failures.ToString(CultureInfo.InvariantCulture) };
        return new V1Job
        {
            Metadata = metadata,
            Spec = new V1JobSpec { BackoffLimit = 0, ActiveDeadlineSeconds = DeadlineSeconds, Template = template },
        };
    }

    // A ServiceAccount that serving pods start with must stay as it is until its new role is proven. So the Job brings that role itself, as EKS's
    // webhook would have given it; the webhook leaves a pod alone that has one.
    private static RolloutPlan WithOwnRole(RolloutPlan plan, RolloutPlan? serving)
    {
        string? role = RegistryServiceAccount.RoleOf(plan.Spec);
        return serving is null || role is null || role == RegistryServiceAccount.RoleOf(serving.Spec) || plan.Spec.Credentials?.WebIdentity is not null
            ? plan
            : plan with { Spec = plan.Spec with { Credentials = new CredentialsSpec { SecretRef = plan.Spec.Credentials?.SecretRef, WebIdentity = new WebIdentitySpec { RoleArn = role } } } };
    }

    /// <summary>Names everything that the answer depends on. Resources and the like do not change what the registry may do.</summary>
    public static string InputsHash(Owner owner, RolloutPlan plan) => ContentHash.Of(KubernetesJson.Serialize(new
    {
        owner.Uid,
        plan.Image.Reference,
        plan.Config,
        plan.Spec.Credentials,
        ServiceAccount = Names.ServiceAccount(owner, plan.Spec),
        Annotations = plan.Spec.ServiceAccount.Annotations?.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new[] { a.Key, a.Value }),
        plan.Spec.Node.Network,
        NodeSelector = plan.Spec.Node.NodeSelector?.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new[] { s.Key, s.Value }),
        plan.Spec.Node.Tolerations,
    }));
}
