namespace LocalRegistry.Operator.Manifests;

/// <summary>The labels and annotations that the operator writes.</summary>
internal static class Labels
{
    public const string Name = "app.kubernetes.io/name";
    public const string Instance = "app.kubernetes.io/instance";
    public const string Component = "app.kubernetes.io/component";
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>The hash of the configuration, on the pod template: a new one rolls the pods.</summary>
    public const string ConfigHash = "localregistry.dev/config-hash";

    /// <summary>The hash of <c>mirrors.yml</c>, on the node-configuration pod's template.</summary>
    public const string MirrorsHash = "localregistry.dev/mirrors-hash";

    /// <summary>The AWS role of the ServiceAccount, on the pod template: a new one rolls the pods.</summary>
    public const string Role = "localregistry.dev/role-arn";

    /// <summary>The hash of everything that a preflight's answer depends on.</summary>
    public const string PreflightInputs = "localregistry.dev/preflight-inputs";

    /// <summary>Counts the preflights of one resource.</summary>
    public const string PreflightAttempt = "localregistry.dev/preflight-attempt";

    /// <summary>How many preflights in a row have not passed before this one.</summary>
    public const string PreflightFailures = "localregistry.dev/preflight-failures";

    /// <summary>The preflight's answer, kept on the Job because its pod may go before it.</summary>
    public const string PreflightReport = "localregistry.dev/preflight-report";

    /// <summary>On a preflight's Job: what was last seen of a pod that did not start at once. A Job that runs out of time takes its pod with it.</summary>
    public const string PreflightSeen = "localregistry.dev/preflight-seen";

    /// <summary>On a preflight's Job that goes on after its deadline: since when the operator knows.</summary>
    public const string PreflightOverdue = "localregistry.dev/preflight-overdue";

    /// <summary>On a node-configuration pod: the last proof that its node pulls through the mirror.</summary>
    public const string MirrorProof = "localregistry.dev/mirror-proof";

    /// <summary>On a proof's pod: the node-configuration pod whose node it is to prove.</summary>
    public const string MirrorProofOf = "localregistry.dev/mirror-proof-of";

    /// <summary>On a LocalRegistry, with any value: its deletion waits for no node. Nodes that still bear its configuration are restored later.</summary>
    public const string AbandonNodes = "localregistry.dev/abandon-nodes";

    /// <summary>The finalizer that keeps a LocalRegistry until its nodes are as they were.</summary>
    public const string RestoreNodes = "localregistry.dev/restore-nodes";

    public const string RegistryComponent = "registry";
    public const string PreflightComponent = "preflight";
    public const string RevisionComponent = "applied-revision";
    public const string PoliciesComponent = "aws-policies";
    public const string MirrorsComponent = "mirrors";
    public const string NodeConfigComponent = "node-config";
    public const string MirrorProofComponent = "mirror-proof";
    public const string NodeRestoreComponent = "node-restore";
    public const string ConfiguredNodesComponent = "configured-nodes";

    private const string AppName = "local-registry";
    private const string Operator = "localregistry-operator";

    /// <summary>Selects everything that the operator made.</summary>
    public const string ManagedSelector = $"{ManagedBy}={Operator}";

    /// <summary>The labels of an object that belongs to a resource.</summary>
    public static Dictionary<string, string> For(string instance, string component) => new()
    {
        [Name] = AppName,
        [Instance] = instance,
        [Component] = component,
        [ManagedBy] = Operator,
    };

    /// <summary>The labels that a DaemonSet finds its pods by. They can never change, so they are few.</summary>
    public static Dictionary<string, string> Selector(string instance, string component = RegistryComponent) => new()
    {
        [Name] = AppName,
        [Instance] = instance,
        [Component] = component,
    };
}
