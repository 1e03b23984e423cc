namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>storage</c> mean, but those of <c>storage.s3</c>.</summary>
internal static class StorageTexts
{
    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("storage.filesystem.rootdirectory", "the folder under which everything lies") { Default = "/var/lib/registry" },
        new("storage.inmemory", "content is gone when the process ends") { Values = "`{}`" },
        new("storage.cache.blobdescriptor", "`inmemory` remembers for a minute which blobs and manifests a repository holds, and blobs' sizes. "
            + "[operations.md](operations.md#what-is-kept-in-memory) says what is remembered without it")
        {
            DefaultInWords = "the store is asked each time",
        },
        new("storage.cache.blobdescriptorsize", "how many blobs and manifests, all repositories together; each takes about a kilobyte of memory"),
        new("storage.maintenance.readonly.enabled", "whether writes are answered with 405")
        {
            DefaultInWords = "`false`; in a `LocalRegistry`, as `spec.access` says",
        },
        new("storage.maintenance.uploadpurging.enabled", "whether uploads that were begun long ago and never ended are removed from the store, those of Docker's registry too; none is in read-only mode. "
            + "[operations.md](operations.md#abandoned-uploads) says what it costs"),
        new("storage.maintenance.uploadpurging.age", "how long ago"),
        new("storage.maintenance.uploadpurging.interval", "how often; of all registries of a store with the same interval one does it"),
        new("storage.maintenance.uploadpurging.dryrun", "whether what would be removed is only logged"),
        new("storage.delete.enabled", "whether tags, manifests and blobs may be deleted; else that is answered with 405. Content stays in the bucket until "
            + "Docker's `registry garbage-collect` takes it; with `storage.cache.blobdescriptor`, registries on other nodes may serve a deleted blob, or a deleted manifest by its digest, for a minute more"),
        new("storage.redirect.disable", "`false` sends clients to S3 for blobs, see [below](#storages3). Docker's registry does so unless this key is `true`; this one, which is there to serve "
            + "its node, only if `false` is written. Refused with another driver than `s3`"),
        new("storage.tag.concurrencylimit", "how many tags are looked at in parallel when a manifest is deleted by its digest; 0 means 8"),
    ];
}
