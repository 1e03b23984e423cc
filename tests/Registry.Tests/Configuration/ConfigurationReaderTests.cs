using System.Security.Authentication;
using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    /// <summary>The file that runs on hosts today and must work unchanged.</summary>
    public const string DockerFile = """
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
            bucket: docker-registry
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
        """;

    [Fact]
    public void Read_docker_file_gives_every_value()
    {
        RegistryConfiguration configuration = Valid(DockerFile);

        var s3 = Assert.IsType<S3Driver>(configuration.Storage.Driver);
        Assert.Equal(("docker-registry", "us-east-1", "myroot"), (s3.Bucket, s3.Region, s3.RootDirectory));
        Assert.True(s3.Encrypt && s3.Secure && !s3.ForcePathStyle);
        Assert.Equal("STANDARD", s3.StorageClass);
        Assert.Equal(10_000, configuration.Storage.DescriptorCacheSize);
        Assert.Equal(":5000", configuration.Http.Address.ToString());
        Assert.Equal(["nosniff"], configuration.Http.Headers["X-Content-Type-Options"]);
        Assert.Equal((true, TimeSpan.FromSeconds(10), 3), (configuration.Health.StorageDriver, configuration.Health.Interval, configuration.Health.Threshold));
        Assert.Equal("registry", configuration.Log.Fields["service"]);
    }

    [Fact]
    public void Read_every_s3_key_gives_its_value()
    {
        var s3 = Assert.IsType<S3Driver>(Valid("""
            version: "0.1"
            storage:
              s3: {region: default, bucket: b-1, regionendpoint: "http://10.0.0.1:7480", forcepathstyle: true, accesskey: AK, secretkey: SK,
                   encrypt: true, keyid: arn:aws:kms:us-east-1:1:key/k, chunksize: 5242880, storageclass: NONE}
            """).Storage.Driver);

        Assert.Equal(new Uri("http://10.0.0.1:7480"), s3.RegionEndpoint);
        Assert.Equal(("AK", "SK", "arn:aws:kms:us-east-1:1:key/k"), (s3.AccessKey, s3.SecretKey, s3.KeyId));
        Assert.Equal(5_242_880, s3.ChunkSize);
        Assert.Null(s3.StorageClass);
        Assert.False(s3.Secure);
        Assert.DoesNotContain("SK", s3.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_endpoint_without_forcepathstyle_implies_it_as_registry_2_does()
    {
        var s3 = Assert.IsType<S3Driver>(Valid(S3("regionendpoint: minio:9000, secure: false")).Storage.Driver);

        Assert.True(s3.ForcePathStyle);
        Assert.Equal("http://minio:9000/", s3.RegionEndpoint!.ToString());
    }

    [Fact]
    public void Read_default_file_is_valid_and_on_disk()
    {
        RegistryConfiguration configuration = Valid(ConfigurationReader.DefaultYaml);

        Assert.Equal(new FileSystemDriver { RootDirectory = "/var/lib/registry" }, configuration.Storage.Driver);
        Assert.Equal(5000, configuration.Http.Address.Port);
    }

    [Theory]
    [InlineData("version: 0.1\nstorage:\n  azure:\n    accountname: a\n", "config.yml:3: storage.azure: is a storage driver that is not supported; use s3, filesystem, inmemory")]
    [InlineData("version: 0.1\nstorage: {inmemory: }\nhttp:\n  adr: :5000\n", "config.yml:4: http.adr: is not a key of the registry's configuration")]
    [InlineData("version: 0.2\nstorage: inmemory\n", "config.yml:1: version: must be 0.1, not \"0.2\"")]
    [InlineData("version: 0.1\n", "config.yml: storage: must name one storage driver: s3, filesystem, inmemory")]
    [InlineData("version: 0.1\nstorage:\n  s3:\n    bucket: bbb\n", "config.yml:4: storage.s3.region: is required: name the bucket's region, such as us-east-1")]
    [InlineData("version: 0.1\nstorage: inmemory\nhealth:\n  storagedriver:\n    interval: soon\n", "config.yml:5: health.storagedriver.interval: must be a duration such as 10s or 1m30s, 24h at most, not \"soon\"")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: {draintimeout: 1200h}\n", "config.yml:3: http.draintimeout: must be a duration such as 10s or 1m30s, 24h at most, not \"1200h\"")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: {addr: nowhere}\n", "config.yml:3: http.addr: must be host:port with an IP address, such as :5000 or 127.0.0.1:5000, not \"nowhere\"")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp:\n  headers: {X Bad: [a]}\n", "config.yml:4: http.headers: \"X Bad\" cannot be sent: a header's name has letters, digits and hyphens, its values printable ASCII characters")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp:\n  headers: {transfer-encoding: [chunked]}\n", "config.yml:4: http.headers: \"transfer-encoding\" cannot be set: the registry tells by it where a message ends; remove it")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp:\n  headers: {X-A: [\"a\\r\\nX-B: c\"]}\n", "config.yml:4: http.headers: \"X-A\" cannot be sent: a header's name has letters, digits and hyphens, its values printable ASCII characters")]
    [InlineData("version: 0.1\nstorage: inmemory\nlog: {level: loud}\n", "config.yml:3: log.level: must be one of error, warn, info, debug, not \"loud\"")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: [1]\n", "config.yml:3: http: must be a mapping")]
    [InlineData("version: 0.1\nstorage:\n  inmemory:\n  delete:\n    enabled: perhaps\n", "config.yml:5: storage.delete.enabled: must be one of true, false, yes, no, on, off, not \"perhaps\"")]
    [InlineData("version: 0.1\nstorage:\n  inmemory:\n  delete: true\n", "config.yml:4: storage.delete: must be a mapping")]
    [InlineData("version: 0.1\nstorage:\n  inmemory:\n  delete:\n    enable: true\n", "config.yml:5: storage.delete.enable: is not a key of the registry's configuration")]
    [InlineData("version: 0.1\nstorage:\n  inmemory:\n  tag:\n    concurrencylimit: -1\n", "config.yml:5: storage.tag.concurrencylimit: must be a whole number of at least 0, not \"-1\"")]
    [InlineData("version: 0.1\nstorage:\n  inmemory:\n  tag:\n    limit: 1\n", "config.yml:5: storage.tag.limit: is not a key of the registry's configuration")]
    [InlineData("[]", "config.yml: must be one YAML document that is a mapping, beginning with version: 0.1")]
    public void Read_refuses_with_path_and_line(string yaml, string problem)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(yaml);

        Assert.Null(result.Value);
        Assert.Contains(problem, result.Errors.Select(e => e.Describe("config.yml")));
    }

    [Theory]
    [InlineData("", false, 8)]
    [InlineData("delete: {enabled: false}", false, 8)]
    [InlineData("delete: {enabled: true}", true, 8)]
    [InlineData("delete: {}, tag: {}", false, 8)]
    [InlineData("tag: {concurrencylimit: 0}", false, 8)]
    [InlineData("delete: {enabled: true}, tag: {concurrencylimit: 3}", true, 3)]
    public void Read_gives_whether_deletion_is_enabled_and_how_many_tags_it_looks_at(string keys, bool enabled, int concurrency)
    {
        StorageConfiguration storage = Valid($"version: 0.1\nstorage: {{inmemory: {{}}{(keys.Length == 0 ? "" : ", ")}{keys}}}\n").Storage;

        Assert.Equal((enabled, concurrency), (storage.DeleteEnabled, storage.TagConcurrency));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: 1\na: 2")]
    [InlineData("\t- x")]
    [InlineData("a:\n  b: {c: d,\ne: f}")]
    [InlineData("")]
    public void Read_text_that_is_not_yaml_is_one_problem(string yaml)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(yaml);

        Assert.Single(result.Errors);
    }

    [Fact]
    public void Read_reports_every_problem_in_the_order_of_the_file()
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read("version: 0.1\nproxy: {}\nstorage:\n  s3: {}\nredis: {}\nextra: 1\n");

        Assert.Equal(["proxy", "storage.s3.bucket", "storage.s3.region", "redis", "extra"], result.Errors.Select(e => e.Path));
    }

    [Theory]
    [InlineData("keyid: k", "storage.s3.keyid")]
    [InlineData("accesskey: k", "storage.s3.accesskey")]
    [InlineData("secretkey: k", "storage.s3.secretkey")]
    [InlineData("v4auth: false", "storage.s3.v4auth")]
    [InlineData("chunksize: 1000", "storage.s3.chunksize")]
    [InlineData("storageclass: GLACIER", "storage.s3.storageclass")]
    [InlineData("regionendpoint: 'ftp://x'", "storage.s3.regionendpoint")]
    [InlineData("encrypt: maybe", "storage.s3.encrypt")]
    [InlineData("sse: true", "storage.s3.sse")]
    [InlineData("sessiontoken: t", "storage.s3.sessiontoken")]
    [InlineData("loglevel: debug", "storage.s3.loglevel")]
    [InlineData("useragent: \"a\\r\\nb\"", "storage.s3.useragent")]
    [InlineData("objectacl: everybody", "storage.s3.objectacl")]
    [InlineData("multipartcopychunksize: 5242879", "storage.s3.multipartcopychunksize")]
    [InlineData("multipartcopychunksize: 5368709121", "storage.s3.multipartcopychunksize")]
    [InlineData("multipartcopymaxconcurrency: 0", "storage.s3.multipartcopymaxconcurrency")]
    [InlineData("multipartcopythresholdsize: 5368709121", "storage.s3.multipartcopythresholdsize")]
    [InlineData("dsse: true", "storage.s3.dsse")]
    [InlineData("regionendpoint: 'https://s3.example.com/path'", "storage.s3.regionendpoint")]
    [InlineData("regionendpoint: 'https://user@s3.example.com'", "storage.s3.regionendpoint")]
    [InlineData("redirectendpoint: 'https://s3.example.com'", "storage.s3.redirectendpoint")]
    [InlineData("accelerate: true, regionendpoint: s3.example.com, forcepathstyle: false", "storage.s3.accelerate")]
    [InlineData("accelerate: true, forcepathstyle: true", "storage.s3.accelerate")]
    [InlineData("accelerate: true, usefipsendpoint: true", "storage.s3.accelerate")]
    [InlineData("usedualstack: true, regionendpoint: s3.example.com", "storage.s3.usedualstack")]
    [InlineData("usefipsendpoint: true, regionendpoint: s3.example.com", "storage.s3.usefipsendpoint")]
    [InlineData("usefipsendpoint: true, secure: false", "storage.s3.usefipsendpoint")]
    public void Read_s3_refuses_what_it_cannot_do(string key, string path)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(S3(key));

        Assert.Equal(path, Assert.Single(result.Errors).Path);
    }

    [Theory]
    [InlineData("{bucket: my.images, region: us-east-1, accelerate: true}", "storage.s3.accelerate: cannot be used with a bucket whose name has a dot; remove it")]
    [InlineData("{bucket: images, region: cn-north-1, accelerate: true}", "storage.s3.accelerate: is not there in cn-north-1; remove it")]
    [InlineData("{bucket: images, region: cn-north-1, usefipsendpoint: true}", "storage.s3.usefipsendpoint: is not there in cn-north-1; remove it")]
    public void Read_s3_says_why_the_bucket_cannot_be_reached_so(string s3, string problem) => Assert.Equal(
        [$"config.yml:2: {problem}"], ConfigurationReader.Read($"version: 0.1\nstorage: {{s3: {s3}}}\n").Errors.Select(e => e.Describe("config.yml")));

    [Fact]
    public void Read_s3_gives_every_option_of_its_own()
    {
        var s3 = Assert.IsType<S3Driver>(Valid(S3("""
            encrypt: true, keyid: k, dsse: true, skipverify: true, useragent: team-a, usedualstack: true, usefipsendpoint: true, objectacl: private, loglevel: off, multipartcopychunksize: 5368709120, multipartcopymaxconcurrency: 100, multipartcopythresholdsize: 0, storageclass: NONE
            """)).Storage.Driver);

        Assert.Equal((true, "team-a", true, true, false), (s3.SkipVerify, s3.UserAgent, s3.UseDualStack, s3.UseFipsEndpoint, s3.Accelerate));
        Assert.Equal(("aws:kms:dsse", "private", null), (s3.EncryptionMethod, s3.ObjectAcl, s3.StorageClass));
        Assert.Equal(32 * 1024 * 1024, Assert.IsType<S3Driver>(Valid(S3("regionendpoint: https://s3.eu-west-1.amazonaws.com")).Storage.Driver).MultipartCopyThresholdSize);
        Assert.Equal(512 * 1024 * 1024, Assert.IsType<S3Driver>(Valid(S3("regionendpoint: https://s3.example.com")).Storage.Driver).MultipartCopyThresholdSize);
        Assert.Equal((5_368_709_120, 100, 0), (s3.MultipartCopyChunkSize, s3.MultipartCopyMaxConcurrency, s3.MultipartCopyThresholdSize));
        Assert.True(Assert.IsType<S3Driver>(Valid(S3("accelerate: true")).Storage.Driver).Accelerate);
    }

    [Theory]
    [InlineData("", null, null, 32 * 1024 * 1024)]
    [InlineData("encrypt: true", "AES256", null, 32 * 1024 * 1024)]
    [InlineData("encrypt: true, keyid: k, multipartcopythresholdsize: 7", "aws:kms", "k", 7)]
    public void Read_s3_without_options_sends_none(string keys, string? method, string? keyId, long threshold)
    {
        var s3 = Assert.IsType<S3Driver>(Valid(S3(keys)).Storage.Driver);

        Assert.Equal((method, keyId, threshold), (s3.EncryptionMethod, s3.KeyId, s3.MultipartCopyThresholdSize));
        Assert.Equal((null, null, null, false), (s3.ObjectAcl, s3.UserAgent, s3.RedirectEndpoint, s3.SkipVerify));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("redirect: {}", false)]
    [InlineData("redirect: {disable: true}", false)]
    [InlineData("redirect: {disable: false}", true)]
    public void Read_redirect_only_where_it_is_written(string keys, bool enabled) => Assert.Equal(
        enabled, Valid($"version: 0.1\nstorage:\n  s3: {{region: us-east-1, bucket: bbb}}\n  {keys}\n").Storage.RedirectEnabled);

    [Fact]
    public void Read_redirect_takes_an_endpoint_of_its_own()
    {
        var s3 = Assert.IsType<S3Driver>(Valid(S3("redirectendpoint: s3-public.example.com") + "  redirect: {disable: false}\n").Storage.Driver);

        Assert.Equal("https://s3-public.example.com/", s3.RedirectEndpoint!.ToString());
    }

    [Theory]
    [InlineData("inmemory: ")]
    [InlineData("filesystem: {rootdirectory: /data}")]
    public void Read_redirect_refuses_a_driver_without_urls(string driver) => Assert.Equal(
        ["config.yml:4: storage.redirect.disable: must be true with this storage driver, which has no URL to send clients to; remove it"],
        ConfigurationReader.Read($"version: 0.1\nstorage:\n  {driver}\n  redirect: {{disable: false}}\n").Errors.Select(e => e.Describe("config.yml")));

    [Theory]
    [InlineData("net: tcp, tls: {}, prefix: ''")]
    [InlineData("tls: , http2: {disabled: false}, prefix: /")]
    public void Read_http_without_tls_socket_and_prefix_is_the_default(string keys)
    {
        HttpConfiguration http = Http(keys);

        Assert.Equal((null, null, "/", true), (http.Tls, http.SocketPath, http.Prefix, http.Http2));
    }

    [Fact]
    public void Read_tls_with_every_key_gives_its_value()
    {
        HttpConfiguration http = Http(
            "tls: {certificate: /c, key: /k, clientcas: [/a, /b], clientauth: verify-client-cert-if-given, minimumtls: tls1.3}, http2: {disabled: true}");

        Assert.Equal(("/c", "/k"), (http.Tls!.Certificate, http.Tls.Key));
        Assert.Equal(["/a", "/b"], http.Tls.ClientAuthorities);
        Assert.Equal((ClientAuthentication.VerifyIfGiven, SslProtocols.Tls13), (http.Tls.ClientAuthentication, http.Tls.Protocols));
        Assert.False(http.Http2);
    }

    [Theory]
    [InlineData("", ClientAuthentication.None)]
    [InlineData(", clientcas: []", ClientAuthentication.None)]
    [InlineData(", clientcas: [/a]", ClientAuthentication.RequireAndVerify)]
    [InlineData(", clientcas: [/a], clientauth: require-and-verify-client-cert", ClientAuthentication.RequireAndVerify)]
    [InlineData(", clientauth: require-any-client-cert", ClientAuthentication.RequireAny)]
    [InlineData(", clientauth: request-client-cert", ClientAuthentication.Request)]
    public void Read_tls_asks_of_clients_what_it_says(string keys, ClientAuthentication expected)
    {
        TlsConfiguration tls = Http($"tls: {{certificate: /c, key: /k{keys}}}").Tls!;

        Assert.Equal((expected, SslProtocols.Tls12 | SslProtocols.Tls13), (tls.ClientAuthentication, tls.Protocols));
    }

    [Fact]
    public void Read_unix_takes_the_address_for_a_path_and_prefix_as_it_is()
    {
        HttpConfiguration http = Http("net: unix, addr: /run/registry.sock, prefix: /a/b-1._/");

        Assert.Equal(("/run/registry.sock", "/a/b-1._/"), (http.SocketPath, http.Prefix));
    }

    [Fact]
    public void Read_tls_from_variables_as_it_is_given_to_a_container()
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(
            ConfigurationReader.DefaultYaml,
            new Dictionary<string, string> { ["REGISTRY_HTTP_TLS_CERTIFICATE"] = "/certs/a.crt", ["REGISTRY_HTTP_TLS_KEY"] = "/certs/a.key" });

        Assert.Equal(("/certs/a.crt", "/certs/a.key"), (result.Value!.Http.Tls!.Certificate, result.Value.Http.Tls.Key));
    }

    [Theory]
    [InlineData("tls: {key: /k}", "http.tls.certificate: is required: name the PEM file of the server's certificate")]
    [InlineData("tls: {certificate: /c, key: ''}", "http.tls.key: is required: name the PEM file of the certificate's private key")]
    [InlineData("tls: {certificate: /c, key: /k, clientcas: /a}", "http.tls.clientcas: must be a list of texts")]
    [InlineData("tls: {certificate: /c, key: /k, clientcas: ['']}", "http.tls.clientcas: must be a list of paths, such as [/certs/clients.crt]")]
    [InlineData("tls: {certificate: /c, key: /k, clientauth: require-and-verify-client-cert}", "http.tls.clientauth: verifies certificates and needs their authorities: name their PEM files in clientcas")]
    [InlineData("tls: {certificate: /c, key: /k, clientauth: verify-client-cert-if-given}", "http.tls.clientauth: verifies certificates and needs their authorities: name their PEM files in clientcas")]
    [InlineData("tls: {certificate: /c, key: /k, clientauth: some}", "http.tls.clientauth: must be one of require-and-verify-client-cert, verify-client-cert-if-given, require-any-client-cert, request-client-cert, not \"some\"")]
    [InlineData("tls: {certificate: /c, key: /k, minimumtls: tls1.1}", "http.tls.minimumtls: must be one of tls1.2, tls1.3, not \"tls1.1\"")]
    [InlineData("tls: {certificate: /c, key: /k, letsencrypt: {email: a}}", "http.tls.letsencrypt: is not supported: let another program renew the certificate, in the files that certificate and key name, and remove it")]
    [InlineData("tls: {certificate: /c, key: /k, ciphersuites: [A]}", "http.tls.ciphersuites: is not supported: the system's TLS library chooses them; remove it")]
    [InlineData("tls: {certificate: /c, key: /k, cipher: A}", "http.tls.cipher: is not a key of the registry's configuration")]
    [InlineData("net: udp", "http.net: must be one of tcp, unix, not \"udp\"")]
    [InlineData("net: unix", "http.addr: is required: name the socket's path")]
    [InlineData("net: unix, addr: ':5000'", "http.addr: must be the absolute path of a socket, of 107 bytes at most, such as /run/registry.sock, not \":5000\"")]
    [InlineData("net: unix, addr: /run/", "http.addr: must be the absolute path of a socket, of 107 bytes at most, such as /run/registry.sock, not \"/run/\"")]
    [InlineData("http2: {disabled: perhaps}", "http.http2.disabled: must be one of true, false, yes, no, on, off, not \"perhaps\"")]
    [InlineData("h2c: {enabled: true}", "http.h2c: is not supported: HTTP/2 is served over TLS only; remove it")]
    public void Read_refuses_a_listener_that_cannot_be(string keys, string problem) => Assert.Contains(
        $"config.yml:3: {problem}",
        ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhttp: {{{keys}}}\n").Errors.Select(e => e.Describe("config.yml")));

    [Theory]
    [InlineData("registry")]
    [InlineData("/registry")]
    [InlineData("registry/")]
    [InlineData("//")]
    [InlineData("/a//b/")]
    [InlineData("/../")]
    [InlineData("/a/./")]
    [InlineData("/a b/")]
    [InlineData("/a%2Fb/")]
    [InlineData("/?/")]
    public void Read_refuses_a_prefix_that_is_no_path(string prefix) => Assert.Equal(
        "http.prefix", Assert.Single(ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhttp: {{prefix: '{prefix}'}}\n").Errors).Path);

    [Fact]
    public void Read_refuses_a_socket_path_that_is_too_long() => Assert.Equal(
        "http.addr",
        Assert.Single(ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhttp: {{net: unix, addr: /{new string('x', 107)}}}\n").Errors).Path);

    [Fact]
    public void Read_secret_and_largest_upload_give_their_values_and_the_secret_is_not_shown()
    {
        HttpConfiguration http = Http("secret: hunter2, maxuploadsize: 10737418240");

        Assert.Equal(("hunter2", 10_737_418_240), (http.Secret, http.MaxUploadSize));
        Assert.DoesNotContain("hunter2", http.ToString(), StringComparison.Ordinal);
        Assert.Equal((null, long.MaxValue), (Http("secret: ''").Secret, Http("secret: ''").MaxUploadSize));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10GB")]
    [InlineData("9223372036854775808")]
    public void Read_refuses_a_largest_upload_that_is_none(string value) => Assert.Equal(
        $"config.yml:3: http.maxuploadsize: must be a whole number of at least 1, not \"{value}\"",
        Assert.Single(ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhttp: {{maxuploadsize: {value}}}\n").Errors).Describe("config.yml"));

    [Theory]
    [InlineData("", 168, 24, false)]
    [InlineData("maintenance: {uploadpurging: {}}", 168, 24, false)]
    [InlineData("maintenance: {uploadpurging: {enabled: true, age: 48h, interval: 720h, dryrun: true}}", 48, 720, true)]
    public void Read_upload_purging_is_as_in_dockers_registry(string keys, int age, int interval, bool dryRun) => Assert.Equal(
        new UploadPurgingConfiguration { Age = TimeSpan.FromHours(age), Interval = TimeSpan.FromHours(interval), DryRun = dryRun },
        Storage(keys).UploadPurging);

    [Theory]
    [InlineData("maintenance: {uploadpurging: {enabled: false, age: 1h}}")]
    [InlineData("maintenance: {readonly: {enabled: true}, uploadpurging: {enabled: true}}")]
    public void Read_upload_purging_that_is_off_or_of_a_registry_that_writes_nothing_is_none(string keys) => Assert.Null(Storage(keys).UploadPurging);

    [Theory]
    [InlineData("age: 1s", "age: must be a duration such as 10s or 1m30s, 1m at least and 960h at most, not \"1s\"")]
    [InlineData("age: 168", "age: must be a duration such as 10s or 1m30s, 1m at least and 960h at most, not \"168\"")]
    [InlineData("interval: 961h", "interval: must be a duration such as 10s or 1m30s, 1m at least and 960h at most, not \"961h\"")]
    [InlineData("dryrun: maybe", "dryrun: must be one of true, false, yes, no, on, off, not \"maybe\"")]
    [InlineData("always: true", "always: is not a key of the registry's configuration")]
    public void Read_refuses_an_upload_purging_that_cannot_be(string key, string problem) => Assert.Equal(
        $"config.yml:4: storage.maintenance.uploadpurging.{problem}",
        Assert.Single(ConfigurationReader.Read($"version: 0.1\nstorage:\n  inmemory:\n  maintenance: {{uploadpurging: {{{key}}}}}\n").Errors).Describe("config.yml"));

    private static StorageConfiguration Storage(string keys) => Valid($"version: 0.1\nstorage:\n  inmemory:\n  {keys}\n").Storage;

    private static HttpConfiguration Http(string keys) => Valid($"version: 0.1\nstorage: inmemory\nhttp: {{{keys}}}\n").Http;

    private static string S3(string keys) => $"version: 0.1\nstorage:\n  s3: {{region: us-east-1, bucket: bbb, {keys}}}\n";

    private static RegistryConfiguration Valid(string yaml)
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(yaml);
        Assert.Empty(result.Errors);
        return result.Value!;
    }
}
