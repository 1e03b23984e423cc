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

        LogThreshold threshold = Threshold(root, "loglevel", LogThreshold.Info);
        LogConfiguration log = ReadLog(root.Child("log"), threshold);
        StorageConfiguration? storage = StorageSection.Read(root.Child("storage", shorthand: true));
        HttpConfiguration http = HttpSection.Read(root.Child("http"));
        HealthConfiguration health = ReadHealth(root.Child("health"));
        HtpasswdConfiguration? htpasswd = AuthSection.Read(root.Child("auth", shorthand: true));
        ValidationConfiguration validation = ValidationSection.Read(root.Child("validation"));
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

    private static LogThreshold Threshold(Section section, string key, LogThreshold absent) => section.Choice(
        key, absent, ("error", LogThreshold.Error), ("warn", LogThreshold.Warn), ("info", LogThreshold.Info), ("debug", LogThreshold.Debug));

    private static LogConfiguration ReadLog(Section section, LogThreshold threshold)
    {
        Section access = section.Child("accesslog");
        var log = new LogConfiguration
        {
            Level = Threshold(section, "level", threshold),
            Format = section.Choice(
                "formatter", LogFormat.Text, ("text", LogFormat.Text), ("json", LogFormat.Json), ("logstash", LogFormat.Logstash)),
            Fields = section.Texts("fields"),
            AccessLog = !access.Flag("disabled", false),
        };
        access.End();
        section.Unsupported("hooks", "is not supported: no mail is sent; remove it");
        section.Unsupported("reportcaller", "is not supported; remove it");
        section.End();
        return log;
    }

    private static HealthConfiguration ReadHealth(Section section)
    {
        Section driver = section.Child("storagedriver");
        var absent = new HealthConfiguration();
        var health = new HealthConfiguration
        {
            StorageDriver = driver.Flag("enabled", false),
            Interval = driver.Duration("interval", absent.Interval),
            Threshold = driver.Integer("threshold", absent.Threshold, 1),
        };
        if (health.Interval < TimeSpan.FromSeconds(1))
        {
            driver.Invalid("interval", "must be at least 1s");
        }

        driver.End();
        section.Unsupported("file", "is not supported; remove it");
        section.Unsupported("http", "is not supported; remove it");
        section.Unsupported("tcp", "is not supported; remove it");
        section.End();
        return health;
    }

    private static int ReadMaximum(Section section, string key)
    {
        int maximum = section.Integer(key, 1000, 1);
        section.End();
        return maximum;
    }
}
