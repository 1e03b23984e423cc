namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads the file's top level, and the sections that are too small for a file of their own.</summary>
internal static class RootSection
{
    /// <summary>Every key that Docker's registry knows at the top.</summary>
    public static readonly IReadOnlySet<string> Keys = new HashSet<string>
    {
        "version", "log", "loglevel", "storage", "auth", "middleware", "http", "notifications", "redis", "health", "proxy",
        "compatibility", "validation", "policy", "catalog", "tags",
    };

    public static RegistryConfiguration? Read(Section root)
    {
        string version = root.RequiredText("version", "write version: 0.1");
        if (version.Length > 0 && version != "0.1")
        {
            root.Invalid("version", $"must be 0.1, not \"{version}\"");
        }

        LogConfiguration log = LogSection.Read(root);
        StorageConfiguration? storage = StorageSection.Read(root.Child("storage", shorthand: true));
        HttpConfiguration http = HttpSection.Read(root.Child("http"));
        HtpasswdConfiguration? htpasswd = AuthSection.Read(root.Child("auth", shorthand: true));
        ValidationConfiguration validation = ValidationSection.Read(root.Child("validation"));
        HealthConfiguration health = HealthSection.Read(root.Child("health"));
        int catalog = ReadMaximum(root.Child("catalog"), "maxentries");
        int tags = ReadMaximum(root.Child("tags"), "maxtags");

        root.Unsupported("middleware", "is not supported; remove the section");
        root.Unsupported("notifications", "is not supported; remove the section");
        root.Unsupported("redis", "is not supported; use storage.cache.blobdescriptor: inmemory and remove the section");
        root.Unsupported("proxy", "is not supported: the registry serves what the bucket holds; remove the section");
        root.Unsupported("compatibility", "is not supported: schema 1 manifests are not served; remove the section");
        root.Unsupported("policy", "is not supported; remove the section");
        root.End();

        return storage is null ? null : new RegistryConfiguration
        {
            Log = log,
            Storage = storage,
            Http = http,
            Health = health,
            Htpasswd = htpasswd,
            Validation = validation,
            CatalogMaxEntries = catalog,
            TagsMaxEntries = tags,
        };
    }

    private static int ReadMaximum(Section section, string key)
    {
        int maximum = section.Integer(key, 1000, 1);
        section.End();
        return maximum;
    }
}
