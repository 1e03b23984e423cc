using System.Net;
using CsCheck;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Tests.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Whatever stands in <c>config.yml</c>, in variables or in <c>mirrors.yml</c>: it is read or refused, and what is refused is named.</summary>
public sealed class ConfigurationFuzzTests
{
    private const string Everything = """
        version: 0.1
        log:
          level: debug
          formatter: json
          fields: {service: registry, "a b": "c"}
          accesslog: {disabled: true}
        storage:
          s3:
            accesskey: AKIA
            secretkey: secret
            region: eu-central-1
            regionendpoint: https://s3.example.com:9000/
            forcepathstyle: true
            bucket: images
            encrypt: true
            keyid: arn:aws:kms:eu-central-1:111122223333:key/1234abcd
            secure: false
            v4auth: true
            chunksize: 10485760
            rootdirectory: /root/dir
            storageclass: STANDARD_IA
          delete: {enabled: true}
          redirect: {disable: true}
          cache: {blobdescriptor: inmemory, blobdescriptorsize: 100}
          maintenance:
            readonly: {enabled: false}
            uploadpurging: {enabled: true, age: 168h, interval: 24h, dryrun: false}
          tag: {concurrencylimit: 8}
        http:
          addr: 127.0.0.1:5000
          net: tcp
          prefix: /registry/
          host: https://registry.example.com/x
          relativeurls: true
          draintimeout: 1m30s
          secret: abc
          tls: {certificate: /c.pem, key: /k.pem, clientcas: [/ca.pem], clientauth: request-client-cert, minimumtls: tls1.3}
          debug: {addr: "[::1]:5001", prometheus: {enabled: true, path: /metrics}}
          headers: {X-Content-Type-Options: [nosniff, other]}
          http2: {disabled: true}
        health:
          storagedriver: {enabled: true, interval: 10s, threshold: 3}
        catalog: {maxentries: 500}
        tags: {maxtags: 500}
        """;

    private const string Mirrors = """
        owner: team/registry
        registry: 127.0.0.1:5000
        debug: "[::1]:5001"
        mirrors:
          - {host: registry.example.com:5000, prefix: mirror/example, fallback: false, existing: replace}
          - {host: docker.io}
          - host: "*"
            prefix: mirror/all
            fallback: true
        repositories: [team/*, other/app]
        runtime:
          kind: registriesconf
          configuration: /etc/crio/crio.conf
          directories: [/etc/containers/registries.conf.d, /etc/other]
        """;

    private static readonly Gen<string> Documents = YamlMutation.Of(
        Everything, ConfigurationReaderTests.DockerFile, ConfigurationReader.DefaultYaml, "version: 0.1\nstorage: inmemory\n", "version: 0.1\nstorage: {filesystem: {rootdirectory: /r, maxthreads: 9}}\nhttp: {addr: /run/x.sock, net: unix}\n");

    private static readonly Gen<string> Variables = Texts.Of(
        5, "REGISTRY", "_HTTP", "_ADDR", "_LOG", "_LEVEL", "_STORAGE", "_S3", "_BUCKET", "_FIELDS", "_HEADERS", "_TLS", "_CLIENTCAS", "_0", "_1", "_99999999999", "_", "__", "_VERSION", "_http", "_\u00e9").Select(n => $"REGISTRY{n}");

    private static readonly Gen<string> Values = Gen.OneOf(
        Texts.Any,
        Gen.OneOf("", "debug", "{a: b}", "[a, b]", "&a [*a]", "&a {x: *a}", "*a", "{&a a: *a, ? [x] : y}", "- ", "a: b\n---\nc: d", "!!int x", ":5000", "s3", "{s3: {bucket: b, region: r}}", "{ ? &k {z: *k} : v }"));

    [Fact]
    public void Configuration_is_read_or_every_refusal_has_its_place() => Property.Holds(Documents, yaml => AssertTold(yaml, ConfigurationReader.Read(yaml)), 2000);

    [Fact]
    public void Configuration_of_broken_YAML_is_refused_with_its_place() => Property.Holds(Texts.Mutated(Gen.OneOf(Everything, "a: &x [*x]\nb: *x\n? {c: d}\n: e\n")), yaml => AssertTold(yaml, ConfigurationReader.Read(yaml)), 2000);

    [Fact]
    public void Variables_are_laid_over_a_file_or_refused_by_their_names() => Property.Holds(
        Gen.Select(Documents, Gen.Select(Variables, Values).Array[1, 4]),
        input =>
        {
            var variables = input.Item2.DistinctBy(v => v.Item1).ToDictionary(v => v.Item1, v => v.Item2);
            AssertTold(input.Item1, ConfigurationReader.Read(input.Item1, variables), variables);
        },
        2000);

    [Fact]
    public void Mirrors_are_read_or_every_refusal_has_its_place() => Property.Holds(
        Gen.OneOf(YamlMutation.Of(Mirrors, "owner: a/b\nregistry: 127.0.0.1:1\n"), Texts.Mutated(Gen.Const(Mirrors))),
        yaml => AssertTold(yaml, MirrorConfigurationReader.Read(yaml)),
        2000);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    [InlineData("&a [", "]")]
    public void Nesting_without_end_is_refused(string open, string close)
    {
        foreach (int depth in (int[])[100, 100_000])
        {
            string nested = string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));

            Assert.Contains("nested too deep", Assert.Single(ConfigurationReader.Read($"x:\n  {nested}").Errors).Message, StringComparison.Ordinal);
            Assert.Contains("nested too deep", Assert.Single(MirrorConfigurationReader.Read($"x:\n  {nested}").Errors).Message, StringComparison.Ordinal);
            var variables = new Dictionary<string, string> { ["REGISTRY_LOG"] = nested };
            Assert.Contains(ConfigurationReader.Read("version: 0.1\nstorage: inmemory", variables).Errors, e => e.Message.Contains("REGISTRY_LOG", StringComparison.Ordinal));
        }
    }

    // Ten aliases of ten aliases of ten ...: a short text that stands for more nodes than memory holds.
    [Fact]
    public void Aliases_of_aliases_take_no_more_than_their_text()
    {
        string laughs = "{a0: &a0 [x]" + string.Concat(Enumerable.Range(1, 30).Select(i => $", a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]")) + "}";

        Assert.NotEmpty(ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nlog: {laughs}").Errors);
        Assert.NotEmpty(MirrorConfigurationReader.Read($"owner: {laughs}").Errors);
        Assert.True(ConfigurationReader.Read("version: 0.1\nstorage: inmemory", new Dictionary<string, string> { ["REGISTRY_LOG"] = laughs }).IsValid);
    }

    [Fact]
    public void Duration_is_read_as_its_parts_say() => Property.Holds(
        Gen.Select(Gen.Int[0, 10_000], Gen.OneOf(("ns", 0.01), ("us", 10), ("\u00b5s", 10), ("ms", 1e4), ("s", 1e7), ("m", 6e8), ("h", 3.6e10))).Array[1, 4],
        parts =>
        {
            Assert.True(GoDuration.TryParse(string.Concat(parts.Select(p => $"{p.Item1}{p.Item2.Item1}")), out TimeSpan duration));
            Assert.Equal((long)parts.Sum(p => p.Item1 * p.Item2.Item2), duration.Ticks);
        });

    [Fact]
    public void Duration_of_any_text_is_not_negative_or_refused() => Property.Holds(
        Texts.Mutated(Texts.Of(6, "1", "9", ".", ".5", "h", "m", "s", "ms", "us", "\u00b5s", "ns", "-", "1e9", "99999999999999999999")),
        text => Assert.True(!GoDuration.TryParse(text, out TimeSpan duration) || (duration >= TimeSpan.Zero && !text.Contains('\0') && char.IsAsciiDigit(text.TrimStart('.')[0]))));

    [Fact]
    public void Address_reads_again_from_what_it_prints() => Property.Holds(
        Gen.Select(Gen.Byte.Array[4].Select(b => new IPAddress(b)), Gen.Byte.Array[16].Select(b => new IPAddress(b)), Gen.Bool, Gen.UShort),
        input =>
        {
            var address = new ListenAddress(input.Item3 ? input.Item1 : input.Item2, input.Item4);

            Assert.True(ListenAddress.TryParse(address.ToString(), out ListenAddress? read), address.ToString());
            Assert.Equal(address, read);
        });

    [Fact]
    public void Address_of_any_text_reads_again_or_is_refused() => Property.Holds(
        Texts.Mutated(Texts.Of(5, ":", "5000", "127.0.0.1", "[", "]", "::1", "%1", "localhost", "0", "65535", "1", ".", "fe80::1%eth0", "0x7f.1")),
        text =>
        {
            if (ListenAddress.TryParse(text, out ListenAddress? address))
            {
                Assert.Matches(":[0-9]+\\z", text);
                Assert.InRange(address.Port, 0, 65535);
                Assert.True(ListenAddress.TryParse(address.ToString(), out ListenAddress? again), address.ToString());
                Assert.Equal(address, again);
            }
        });

    [Fact]
    public void Names_of_AWS_and_of_nodes_are_read_or_refused() => Property.Holds(
        Texts.Mutated(Texts.Of(8, "arn:", "aws:", "kms:", ":", "eu-central-1", "111122223333", "key/", "alias/", "/etc", "/", "..", ".", "a", "team/*", "/*")),
        text =>
        {
            KmsKeyName name = KmsKeyName.Parse(text);
            Assert.True(name.Means(name), "a name means what it names");
            Assert.True(!MirrorConfigurationReader.IsNodePath(text) || Path.GetFullPath(text).TrimEnd('/') == text, "a node's path is what it says");
            Assert.True(!RepositoryPattern.TryParse(text, out RepositoryPattern pattern) || (pattern.Value == text && !pattern.Matches("")));
            _ = MirrorConfigurationReader.IsOwner(text);
        });

    private static void AssertTold<T>(string yaml, ConfigurationResult<T> result, Dictionary<string, string>? variables = null)
        where T : class
    {
        int lines = yaml.Split('\n').Length + 1;
        Assert.Equal(result.IsValid, result.Errors.Count == 0);
        foreach (ConfigurationProblem problem in result.Errors.Concat(result.Warnings))
        {
            Assert.NotEmpty(problem.Message);
            Assert.InRange(problem.Line ?? 1, 1, lines);
            Assert.True(
                problem.Path.Length > 0 || problem.Line is not null || problem.Message.StartsWith("must be one YAML document", StringComparison.Ordinal)
                    || variables?.Keys.Any(v => problem.Message.Contains(v, StringComparison.Ordinal)) == true,
                problem.Describe("file"));
        }
    }
}
