namespace LocalRegistry.Operator.Manifests;

/// <summary>The registry's image.</summary>
/// <param name="Reference">Its name with tag or digest.</param>
/// <param name="PullPolicy"><c>Always</c>, <c>IfNotPresent</c> or <c>Never</c>; null leaves it to Kubernetes.</param>
internal sealed record RegistryImage(string Reference, string? PullPolicy = null)
{
    /// <summary>Whether another image is one of the same repository, whatever its tag or digest.</summary>
    public bool IsSameRepository(RegistryImage other) => Repository(Reference) == Repository(other.Reference);

    private static string Repository(string reference)
    {
        string name = reference.Split('@')[0];
        int tag = name.LastIndexOf(':');
        // A colon before a slash is a host's port.
        return tag > name.LastIndexOf('/') ? name[..tag] : name;
    }
}
