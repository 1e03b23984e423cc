namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>
/// Every key of the registry's configuration, found by reading documents and taking down what is asked for. The documentation and the schema
/// of <c>LocalRegistry</c> are held against it. Nothing that a registry runs comes here, so none of it is in the compiled program.
/// </summary>
internal static class ConfigurationReference
{
    // One for each storage driver. What is read only if something is there is there in the first.
    private static readonly string[] Documents =
    [
        """
        version: 0.1
        storage: {s3: {}}
        http: {tls: {certificate: server.crt}}
        health: {file: [{}], http: [{}], tcp: [{}]}
        auth: {htpasswd: {}}
        validation: {manifests: {indexes: {platformlist: [{}]}}}
        """,
        "{version: 0.1, storage: filesystem}",
        "{version: 0.1, storage: inmemory}",
    ];

    /// <summary>The keys, in the order in which they are read; those that are refused by name among them.</summary>
    public static IReadOnlyCollection<ConfigurationKey> Keys { get; } = Read();

    /// <summary>What the keys mean, in the order in which they are told.</summary>
    public static IReadOnlyList<KeyText> Texts { get; } = [.. RootTexts.All, .. StorageTexts.All, .. S3Texts.All, .. HttpTexts.All, .. HealthTexts.All, .. AccessTexts.All];

    /// <summary>The keys that a <c>LocalRegistry</c> may have.</summary>
    public static IEnumerable<ConfigurationKey> KeysOfResource => Keys.Where(k => k.Kind != KeyKind.Refused && !KeyRefusal.InResource.Any(r => k.IsUnder(r.Path)));

    private static IReadOnlyCollection<ConfigurationKey> Read()
    {
        var recorder = new KeyRecorder();
        foreach (string document in Documents)
        {
            // What the documents lack is of no account here.
            var problems = new ProblemList { Recorder = recorder };
            RootSection.Read(new Section(problems, YamlFile.Parse(document, "", problems), ""));
        }

        return recorder.Keys;
    }
}
