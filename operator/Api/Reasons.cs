namespace LocalRegistry.Operator.Api;

/// <summary>
/// The reasons that a LocalRegistry's conditions give. They are stable: alerts may match on them. What a node says of itself has the reasons of
/// <see cref="Registry.Configuration.Mirrors.NodeReasons"/>.
/// </summary>
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

    /// <summary>The operator's AWS credentials are not, or no longer, accepted.</summary>
    public const string CredentialsRefused = nameof(CredentialsRefused);

    /// <summary>The object store did not answer.</summary>
    public const string StoreUnreachable = nameof(StoreUnreachable);

    /// <summary>Not required by the resource, or there is nothing to ask about.</summary>
    public const string NotRequired = nameof(NotRequired);

    /// <summary>The store does not know what was asked for, as stores other than AWS's may not.</summary>
    public const string NotSupportedByStore = nameof(NotSupportedByStore);

    /// <summary>The store refused the question itself.</summary>
    public const string StoreRefused = nameof(StoreRefused);

    /// <summary>The bucket exists where the configuration says.</summary>
    public const string BucketFound = nameof(BucketFound);

    /// <summary>The bucket belongs to the account that is expected.</summary>
    public const string OwnerVerified = nameof(OwnerVerified);

    /// <summary>The bucket belongs to another account.</summary>
    public const string OwnerMismatch = nameof(OwnerMismatch);

    /// <summary>The bucket's default encryption is not what <c>spec.validation.encryption</c> requires.</summary>
    public const string EncryptionNotAsRequired = nameof(EncryptionNotAsRequired);

    /// <summary>The KMS key works.</summary>
    public const string KeyUsable = nameof(KeyUsable);

    /// <summary>There is no such KMS key.</summary>
    public const string KeyNotFound = nameof(KeyNotFound);

    /// <summary>The KMS key is disabled, or in another state in which it does not work.</summary>
    public const string KeyDisabled = nameof(KeyDisabled);

    /// <summary>The KMS key is about to be deleted.</summary>
    public const string KeyPendingDeletion = nameof(KeyPendingDeletion);

    /// <summary>The KMS key is of another region than the bucket.</summary>
    public const string KeyElsewhere = nameof(KeyElsewhere);

    /// <summary>The KMS key is not of the kind that S3 takes.</summary>
    public const string KeyUnsuitable = nameof(KeyUnsuitable);

    /// <summary>The bucket's policy denies uploads that ask for no encryption.</summary>
    public const string UploadsMustEncrypt = nameof(UploadsMustEncrypt);

    /// <summary>The bucket's policy lets such uploads through.</summary>
    public const string UnencryptedUploadsAllowed = nameof(UnencryptedUploadsAllowed);

    /// <summary>The bucket's policy denies what the registry itself would upload.</summary>
    public const string UploadsRefused = nameof(UploadsRefused);

    /// <summary>The bucket's policy denies requests in plain text.</summary>
    public const string TlsRequired = nameof(TlsRequired);

    /// <summary>The bucket's policy lets such requests through.</summary>
    public const string PlaintextAllowed = nameof(PlaintextAllowed);

    /// <summary>The bucket's policy does not make it public.</summary>
    public const string NotPublic = nameof(NotPublic);

    /// <summary>The bucket's policy makes it public.</summary>
    public const string PolicyIsPublic = nameof(PolicyIsPublic);

    /// <summary>The bucket cannot become public by mistake.</summary>
    public const string PublicAccessBlocked = nameof(PublicAccessBlocked);

    /// <summary>The bucket could become public by mistake.</summary>
    public const string PublicAccessNotBlocked = nameof(PublicAccessNotBlocked);

    /// <summary>The bucket takes no access control lists.</summary>
    public const string AclsOff = nameof(AclsOff);

    /// <summary>The bucket takes access control lists.</summary>
    public const string AclsOn = nameof(AclsOn);

    /// <summary>No lifecycle rule deletes or freezes images.</summary>
    public const string ImagesKept = nameof(ImagesKept);

    /// <summary>A lifecycle rule deletes images.</summary>
    public const string ImagesExpire = nameof(ImagesExpire);

    /// <summary>A lifecycle rule moves images to where they cannot be read at once.</summary>
    public const string ImagesFreeze = nameof(ImagesFreeze);

    /// <summary>A lifecycle rule aborts multipart uploads that nobody completed.</summary>
    public const string AbandonedUploadsAborted = nameof(AbandonedUploadsAborted);

    /// <summary>No lifecycle rule does.</summary>
    public const string AbandonedUploadsKept = nameof(AbandonedUploadsKept);

    /// <summary>The bucket keeps no versions.</summary>
    public const string VersionsNotKept = nameof(VersionsNotKept);

    /// <summary>The bucket keeps versions, and a lifecycle rule deletes old ones.</summary>
    public const string VersionsExpire = nameof(VersionsExpire);

    /// <summary>The bucket keeps versions for ever.</summary>
    public const string VersionsKept = nameof(VersionsKept);

    /// <summary>Every enforced check of the condition passed.</summary>
    public const string ChecksPassed = nameof(ChecksPassed);

    /// <summary>Every enforced check of the condition passed; one that only warns did not.</summary>
    public const string PassedWithWarnings = nameof(PassedWithWarnings);

    /// <summary>Every check of the condition is off.</summary>
    public const string ChecksOff = nameof(ChecksOff);

    /// <summary>The registry is who it is meant to be.</summary>
    public const string IdentityVerified = nameof(IdentityVerified);

    /// <summary>It is not known who the registry is.</summary>
    public const string IdentityUnknown = nameof(IdentityUnknown);

    /// <summary>The registry's role or user does not exist any more.</summary>
    public const string IdentityNotFound = nameof(IdentityNotFound);

    /// <summary>The registry has another role than the one that was asked for.</summary>
    public const string WrongRole = nameof(WrongRole);

    /// <summary>The registry has its node's role, and another was asked for.</summary>
    public const string NodeRoleUsed = nameof(NodeRoleUsed);

    /// <summary>The registry has its node's role, and nothing else was asked for.</summary>
    public const string NodeIdentityShared = nameof(NodeIdentityShared);

    /// <summary>The registry has credentials that are not the node's.</summary>
    public const string OwnIdentity = nameof(OwnIdentity);

    /// <summary>The registry uses other credentials than the file that was asked for.</summary>
    public const string OtherCredentials = nameof(OtherCredentials);

    /// <summary>The policies give the registry all that it needs.</summary>
    public const string PermissionsGranted = nameof(PermissionsGranted);

    /// <summary>No policy gives the registry something that it needs.</summary>
    public const string PermissionMissing = nameof(PermissionMissing);

    /// <summary>A policy of the registry's identity denies it something that it needs.</summary>
    public const string DeniedByPolicy = nameof(DeniedByPolicy);

    /// <summary>The bucket's policy denies the registry something that it needs.</summary>
    public const string DeniedByBucketPolicy = nameof(DeniedByBucketPolicy);

    /// <summary>The permissions boundary of the registry's identity leaves out something that it needs.</summary>
    public const string DeniedByBoundary = nameof(DeniedByBoundary);

    /// <summary>A service control policy of the organization leaves out something that the registry needs.</summary>
    public const string DeniedByOrganization = nameof(DeniedByOrganization);

    /// <summary>IAM does not simulate what the registry's identity may do.</summary>
    public const string NotSimulatable = nameof(NotSimulatable);

    /// <summary>IAM did not answer.</summary>
    public const string IamUnreachable = nameof(IamUnreachable);

    /// <summary>The registry may do nothing of what it does not need.</summary>
    public const string LeastPrivilege = nameof(LeastPrivilege);

    /// <summary>The registry may do more than it needs.</summary>
    public const string ExcessPermissions = nameof(ExcessPermissions);

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

    /// <summary>The resource is being deleted, and waits for nodes that still bear its configuration.</summary>
    public const string RestoringNodes = nameof(RestoringNodes);

    /// <summary>The resource asks for no mirrors.</summary>
    public const string NoMirrors = nameof(NoMirrors);

    /// <summary>The nodes pull images of every mirrored host through their registry.</summary>
    public const string MirrorsProven = nameof(MirrorsProven);

    /// <summary>Too few nodes have been proven yet to pull through their registry.</summary>
    public const string ProvingMirrors = nameof(ProvingMirrors);

    /// <summary>A node's runtime is told of every mirror, and yet did not pull through the node's registry.</summary>
    public const string NotPulledThrough = nameof(NotPulledThrough);

    /// <summary>A node's runtime is not told of every mirror, for a reason that this version does not know.</summary>
    public const string NodeNotConfigured = nameof(NodeNotConfigured);

    /// <summary>A node's proof ended without an answer.</summary>
    public const string ProofInconclusive = nameof(ProofInconclusive);

    /// <summary>The pods that prove the nodes cannot be made.</summary>
    public const string ProofRefused = nameof(ProofRefused);

    /// <summary>The pods that configure the nodes do not start.</summary>
    public const string NodeConfigNotStarting = nameof(NodeConfigNotStarting);
}
