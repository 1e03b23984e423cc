namespace LocalRegistry.Registry.Oci;

/// <summary>The media types of manifests that the registry keeps.</summary>
internal static class MediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Whether it is a list of manifests.</summary>
    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerManifestList;

    /// <summary>Whether it is a manifest that names its content.</summary>
    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest;

    /// <summary>Whether it is a layer that may not be distributed, and so may lie elsewhere (OCI image-spec, Non-Distributable Layers; Docker's foreign layers).</summary>
    public static bool IsForeignLayer(string mediaType) =>
        mediaType is "application/vnd.docker.image.rootfs.foreign.diff.tar" or "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
        || mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.v1.tar", StringComparison.Ordinal);
}
