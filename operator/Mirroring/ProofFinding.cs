namespace LocalRegistry.Operator.Mirroring;

/// <summary>What one proof of a node found.</summary>
/// <param name="Verdict">Whether the node pulls through its registry.</param>
/// <param name="MayPass">Of a failure: whether it is of a kind that also passes by itself, as while a registry restarts.</param>
/// <param name="Reason">Why, as one word.</param>
/// <param name="Message">Why, for people, on one short line; empty if all is well.</param>
/// <param name="LastMirroredRequest">When the node's registry was last asked for a mirrored image, by its own record; null if it does not say.</param>
internal sealed record ProofFinding(MirrorVerdict Verdict, bool MayPass, string Reason, string Message, DateTimeOffset? LastMirroredRequest = null)
{
    public static ProofFinding Unknown(string reason, string message) => new(MirrorVerdict.Unknown, MayPass: true, reason, message);
}
