namespace LocalRegistry.Operator.Api;

/// <summary>The reasons that a LocalRegistry's conditions give. They are stable: alerts may match on them.</summary>
public static class Reasons
{
    /// <summary>The registry can read the configuration.</summary>
    public const string ConfigurationAccepted = nameof(ConfigurationAccepted);

    /// <summary>The configuration is refused; the message lists every place.</summary>
    public const string InvalidConfiguration = nameof(InvalidConfiguration);

    /// <summary>Not asked, because the configuration is not valid.</summary>
    public const string NotChecked = nameof(NotChecked);

    /// <summary>The bucket's default encryption is what the configuration asks for.</summary>
    public const string EncryptionVerified = nameof(EncryptionVerified);

    /// <summary>There is no bucket of that name.</summary>
    public const string BucketNotFound = nameof(BucketNotFound);

    /// <summary>The bucket lies in another region.</summary>
    public const string WrongRegion = nameof(WrongRegion);

    /// <summary>The bucket has no default encryption.</summary>
    public const string NotEncrypted = nameof(NotEncrypted);

    /// <summary>The bucket's default algorithm is not the one that the configuration writes with.</summary>
    public const string AlgorithmMismatch = nameof(AlgorithmMismatch);

    /// <summary>The bucket's default key is not the one that the configuration writes with.</summary>
    public const string KeyMismatch = nameof(KeyMismatch);

    /// <summary>One key is named by alias and the other by id, so that they cannot be compared.</summary>
    public const string KeyNotComparable = nameof(KeyNotComparable);

    /// <summary>The operator's own identity may not ask.</summary>
    public const string CheckNotPermitted = nameof(CheckNotPermitted);

    /// <summary>The operator has no AWS credentials to ask with.</summary>
    public const string NoCredentials = nameof(NoCredentials);

    /// <summary>The object store did not answer.</summary>
    public const string StoreUnreachable = nameof(StoreUnreachable);

    /// <summary>The preflight made every call that the registry needs.</summary>
    public const string AccessProven = nameof(AccessProven);

    /// <summary>The preflight's pod has not started yet.</summary>
    public const string PreflightPending = nameof(PreflightPending);

    /// <summary>The preflight is making its calls.</summary>
    public const string PreflightRunning = nameof(PreflightRunning);

    /// <summary>The preflight's pod cannot start.</summary>
    public const string PreflightCannotStart = nameof(PreflightCannotStart);

    /// <summary>The preflight found that the registry would not work, or ended without an answer.</summary>
    public const string PreflightFailed = nameof(PreflightFailed);

    /// <summary>The preflight's calls gave no answer that decides.</summary>
    public const string PreflightInconclusive = nameof(PreflightInconclusive);

    /// <summary>The preflight did not end in time.</summary>
    public const string PreflightTimedOut = nameof(PreflightTimedOut);

    /// <summary>Nothing has been rolled out yet.</summary>
    public const string NothingRolledOut = nameof(NothingRolledOut);

    /// <summary>A rollout waits for the checks.</summary>
    public const string WaitingForValidation = nameof(WaitingForValidation);

    /// <summary>No node matches.</summary>
    public const string NoNodes = nameof(NoNodes);

    /// <summary>Enough nodes serve.</summary>
    public const string NodesServing = nameof(NodesServing);

    /// <summary>Too many nodes do not serve.</summary>
    public const string NodesUnavailable = nameof(NodesUnavailable);

    /// <summary>Nodes are being brought to the current revision.</summary>
    public const string RollingOut = nameof(RollingOut);

    /// <summary>Every node has had the current revision.</summary>
    public const string RolloutComplete = nameof(RolloutComplete);

    /// <summary>An object that the operator needs exists and belongs to someone else.</summary>
    public const string NameTaken = nameof(NameTaken);

    /// <summary>All conditions hold.</summary>
    public const string AllChecksPassed = nameof(AllChecksPassed);

    /// <summary>The nodes serve, but a check that only warns has not passed.</summary>
    public const string ServingWithWarnings = nameof(ServingWithWarnings);
}
