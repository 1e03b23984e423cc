namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>storage</c>.</summary>
internal static class StorageSection
{
    private static readonly string[] Drivers = ["s3", "filesystem", "inmemory"];
    private static readonly TimeSpan ShortestPurge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPurge = TimeSpan.FromDays(40);
    private static readonly string[] OtherDrivers = ["azure", "gcs", "oss", "swift", "cos", "s3aws"];

    public static StorageConfiguration? Read(Section section)
    {
        Section cache = section.Child("cache");
        string? descriptors = cache.Choice("blobdescriptor", (string?)null, ("inmemory", "inmemory"));
        int size = cache.Integer("blobdescriptorsize", 10_000, 1);
        cache.End();

        Section maintenance = section.Child("maintenance");
        Section readOnly = maintenance.Child("readonly");
        bool isReadOnly = readOnly.Flag("enabled", false);
        readOnly.End();
        UploadPurgingConfiguration? purging = ReadPurging(maintenance.Child("uploadpurging"));
        maintenance.End();

        Section delete = section.Child("delete");
        bool deletes = delete.Flag("enabled", false);
        delete.End();
        Section redirect = section.Child("redirect");
        bool redirects = !redirect.Flag("disable", true);
        redirect.End();
        Section tag = section.Child("tag");
        int concurrency = tag.Integer("concurrencylimit", 0, 0);
        tag.End();

        foreach (string other in OtherDrivers)
        {
            section.Unsupported(other, $"is a storage driver that is not supported; use {string.Join(", ", Drivers)}");
        }

        StorageDriver? driver = ReadDriver(section, redirects);
        if (redirects && driver is not (null or S3Driver))
        {
            redirect.Invalid("disable", "must be true with this storage driver, which has no URL to send clients to; remove it");
        }

        section.End();
        return driver is null ? null : new StorageConfiguration
        {
            Driver = driver,
            DescriptorCacheSize = descriptors is null ? 0 : size,
            ReadOnly = isReadOnly,
            UploadPurging = isReadOnly ? null : purging,
            DeleteEnabled = deletes,
            RedirectEnabled = redirects,
            TagConcurrency = concurrency == 0 ? StorageConfiguration.DefaultTagConcurrency : concurrency,
        };
    }

    private static UploadPurgingConfiguration? ReadPurging(Section section)
    {
        bool isEnabled = section.Flag("enabled", true);
        var absent = new UploadPurgingConfiguration();
        var purging = new UploadPurgingConfiguration
        {
            Age = section.Duration("age", absent.Age, ShortestPurge, LongestPurge),
            Interval = section.Duration("interval", absent.Interval, ShortestPurge, LongestPurge),
            DryRun = section.Flag("dryrun", false),
        };
        section.End();
        return isEnabled ? purging : null;
    }

    private static StorageDriver? ReadDriver(Section section, bool redirects)
    {
        string[] named = [.. section.Unread.Where(Drivers.Contains)];
        if (named.Length != 1)
        {
            section.Invalid("", named.Length == 0
                ? $"must name one storage driver: {string.Join(", ", Drivers)}"
                : $"names {named.Length} storage drivers, {string.Join(" and ", named)}; keep one (a variable such as REGISTRY_STORAGE_S3_BUCKET adds one to those of the file)");
            foreach (string driver in named)
            {
                section.Child(driver);
            }

            return null;
        }

        Section parameters = section.Child(named[0]);
        switch (named[0])
        {
            case "s3":
                return S3Section.Read(parameters, redirects);

            case "filesystem":
                var fileSystem = new FileSystemDriver();
                fileSystem = fileSystem with { RootDirectory = parameters.Text("rootdirectory") ?? fileSystem.RootDirectory };
                parameters.Unsupported("maxthreads", "is not supported; remove it");
                parameters.End();
                return fileSystem;

            default:
                parameters.End();
                return new InMemoryDriver();
        }
    }
}
