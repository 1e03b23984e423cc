namespace LocalRegistry.Testbed;

/// <summary>A registry's files in a folder of their own: its configuration and, if it needs one, a shared credentials file.</summary>
public sealed class RegistryFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-").FullName;

    /// <param name="config">The text of config.yml.</param>
    /// <param name="credentials">The text of the shared credentials file; null for none.</param>
    public RegistryFiles(string config, string? credentials)
    {
        File.WriteAllText(Config, config);
        if (credentials is not null)
        {
            File.WriteAllText(Credentials, credentials);
        }
    }

    public string Config => Path.Combine(_folder, "config.yml");

    public string Credentials => Path.Combine(_folder, "credentials");

    /// <summary>Where <c>mirrors.yml</c> is, if the registry stands in for other hosts.</summary>
    public string Mirrors => Path.Combine(_folder, "mirrors.yml");

    /// <summary>Where <c>registry check</c> may write its answer.</summary>
    public string Answer => Path.Combine(_folder, "answer.json");

    /// <summary>The configuration that runs on hosts today, with nothing but the bucket's name and the store's address changed.</summary>
    public static string DockerConfig(S3Server s3, string bucket, string more = "") => $$"""
        version: 0.1
        log:
          level: info
          formatter: text
          fields:
            service: registry
        storage:
          cache:
            blobdescriptor: inmemory
          s3:
            region: us-east-1
            regionendpoint: {{s3.Endpoint}}
            bucket: {{bucket}}
            encrypt: true
            secure: true
            v4auth: true
            rootdirectory: /myroot
        http:
          addr: :5000
          headers:
            X-Content-Type-Options: [nosniff]
        health:
          storagedriver:
            enabled: true
            interval: 10s
            threshold: 3
        {{more}}
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
