using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class ConfigurationCheckTests
{
    // Stands for a driver that is right.
    private const string S3 = """{"region": "us-east-1", "bucket": "docker-registry"}""";

    [Fact]
    public void Run_on_the_sample_accepts_it()
    {
        ConfigurationAnswer answer = Run(Samples.Spec());

        Assert.Equal((ConditionStatus.True, Reasons.ConfigurationAccepted), (answer.Answer.Status, answer.Answer.Reason));
        Assert.Equal((3, 5000, 5001), (answer.Candidate!.Plan.Generation, answer.Candidate.Plan.Port, answer.Candidate.Plan.DebugPort));
        Assert.Equal(TimeSpan.FromMinutes(10), answer.Candidate.Interval);
    }

    [Theory]
    [InlineData("""[]""", "spec.config: ")]
    [InlineData("""{"version": 0.1, "storage": {"s3": {"region": "us-east-1"}}}""", "spec.config.storage.s3.bucket: ")]
    [InlineData("""{"version": 0.1, "storage": {"s3": {"region": "us-east-1", "bucket": "bucket", "nonsense": 1}}}""", "spec.config.storage.s3.nonsense: ")]
    [InlineData("""{"version": 0.1, "storage": {"azure": {"container": "c"}}}""", "spec.config.storage.azure: ")]
    [InlineData("""{"version": 0.1, "storage": {"inmemory": {}}}""", "spec.config.storage: must name the s3 driver")]
    [InlineData("""{"version": 0.1, "storage": {"filesystem": {"rootdirectory": "/x"}}}""", "spec.config.storage: must name the s3 driver")]
    [InlineData("""{"version": 0.1, "storage": {"s3": {"region": "us-east-1", "bucket": "bucket", "accesskey": "a", "secretkey": "b"}}}""", "spec.config.storage.s3.secretkey: must not stand in the resource")]
    [InlineData("""{"version": 0.1, "storage": {"s3": @S3}, "http": {"secret": "hunter2"}}""", "spec.config.http.secret: must not stand in the resource")]
    [InlineData("""{"version": 0.1, "storage": {"s3": @S3}, "http": {"addr": "nonsense"}}""", "spec.config.http.addr: ")]
    [InlineData("""{"version": 0.1, "storage": {"s3": @S3}, "http": ["x"]}""", "spec.config.http: ")]
    [InlineData("""{"version": 0.1, "storage": {"s3": @S3, "maintenance": {"readonly": {"enabled": false}}}}""", "spec.config.storage.maintenance.readonly.enabled: contradicts spec.access")]
    [InlineData("""{"version": 0.1, "storage": {"s3": @S3}, "http": {"addr": ":6000", "debug": {"addr": ":6000"}}}""", "spec.node.debugPort: must differ")]
    public void Run_on_what_cannot_be_served_says_where(string config, string told)
    {
        ConfigurationAnswer answer = Run(Samples.Spec(config.Replace("@S3", S3, StringComparison.Ordinal)));

        Assert.Equal((ConditionStatus.False, Reasons.InvalidConfiguration), (answer.Answer.Status, answer.Answer.Reason));
        Assert.Contains(told, answer.Answer.Message, StringComparison.Ordinal);
        Assert.Null(answer.Candidate);
    }

    [Theory]
    [InlineData("""{"tls": {"certificate": "/certs/tls.crt", "key": "/certs/tls.key"}}""", "spec.config.http.tls: cannot be used on nodes")]
    [InlineData("""{"tls": {"minimumtls": "tls9"}}""", "spec.config.http.tls: cannot be used on nodes")]
    [InlineData("""{"net": "unix", "addr": "/run/registry.sock"}""", "spec.config.http.net: must not be unix")]
    [InlineData("""{"net": "UNIX"}""", "spec.config.http.net: must not be unix")]
    [InlineData("""{"prefix": "/registry/"}""", "spec.config.http.prefix: cannot be used on nodes")]
    [InlineData("""{"prefix": "registry"}""", "spec.config.http.prefix: cannot be used on nodes")]
    public void Run_on_a_listener_that_no_node_reaches_says_so_and_nothing_else(string http, string told)
    {
        ConfigurationAnswer answer = Run(Samples.Spec($$"""{"version": 0.1, "storage": {"s3": {{S3}} }, "http": {{http}} }"""));

        Assert.Equal((ConditionStatus.False, Reasons.InvalidConfiguration), (answer.Answer.Status, answer.Answer.Reason));
        Assert.StartsWith(told, answer.Answer.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("; spec.", answer.Answer.Message, StringComparison.Ordinal);
        Assert.Null(answer.Candidate);
    }

    [Theory]
    [InlineData("""{"tls": null, "net": "tcp", "prefix": "/", "http2": {"disabled": true}}""")]
    [InlineData("""{"tls": {}, "prefix": ""}""")]
    public void Run_on_a_listener_that_says_what_is_so_anyway_accepts_it(string http) => Assert.NotNull(
        Run(Samples.Spec($$"""{"version": 0.1, "storage": {"s3": {{S3}} }, "http": {{http}} }""")).Candidate);

    [Theory]
    [InlineData("""{"tls": "on"}""", "spec.config.http.tls: must be a mapping")]
    [InlineData("""{"net": "udp"}""", "spec.config.http.net: must be one of tcp, unix")]
    [InlineData("""{"http2": {"enabled": true}}""", "spec.config.http.http2.enabled: is not a key")]
    public void Run_on_a_listener_that_is_wrong_says_where(string http, string told) => Assert.Contains(
        told,
        Run(Samples.Spec($$"""{"version": 0.1, "storage": {"s3": {{S3}} }, "http": {{http}} }""")).Answer.Message,
        StringComparison.Ordinal);

    [Fact]
    public void Run_with_a_secret_key_does_not_repeat_it() => Assert.DoesNotContain(
        "hunter2",
        Run(Samples.Spec("""{"version": 0.1, "storage": {"s3": {"region": "us-east-1", "bucket": "bucket", "accesskey": "me", "secretkey": "hunter2"}}}""")).Answer.Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("arn:aws:iam::111122223333:role/path/registry", "https://sts.example.com", false, null)]
    [InlineData("arn:aws-cn:iam::111122223333:role/registry", null, false, null)]
    [InlineData("arn:aws:iam::111122223333:role/registry", null, true, "spec.credentials: names both secretRef and webIdentity")]
    [InlineData("registry", null, false, "spec.credentials.webIdentity.roleArn: must be a role's ARN")]
    [InlineData("arn:aws:sts::111122223333:assumed-role/registry/session", null, false, "spec.credentials.webIdentity.roleArn: must be a role's ARN")]
    [InlineData("arn:aws:iam::111122223333:role/", null, false, "spec.credentials.webIdentity.roleArn: must be a role's ARN")]
    [InlineData("arn:aws:iam::111122223333:role/registry", "sts.example.com", false, "spec.credentials.webIdentity.stsEndpoint: must be the URL")]
    [InlineData("arn:aws:iam::111122223333:role/registry", "file:///etc", false, "spec.credentials.webIdentity.stsEndpoint: must be the URL")]
    public void Run_refuses_a_web_identity_that_cannot_be(string role, string? endpoint, bool secret, string? told)
    {
        ConfigurationAnswer answer = Run(Samples.Spec() with
        {
            Credentials = new CredentialsSpec
            {
                SecretRef = secret ? new SecretKeyReference { Name = "aws" } : null,
                WebIdentity = new WebIdentitySpec { RoleArn = role, StsEndpoint = endpoint },
            },
        });

        Assert.Equal(told is null, answer.Candidate is not null);
        Assert.Contains(told ?? "", answer.Answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_with_several_problems_tells_them_all()
    {
        string message = Run(Samples.Spec("""{"version": 0.2, "storage": {"s3": {"region": "us-east-1"}}, "auth": {"htpasswd": {"path": "/u"}}}""")).Answer.Message;

        Assert.Contains("spec.config.version: ", message, StringComparison.Ordinal);
        Assert.Contains("spec.config.storage.s3.bucket: ", message, StringComparison.Ordinal);
        Assert.Contains("spec.config.auth: cannot be used on nodes", message, StringComparison.Ordinal);
        Assert.DoesNotContain("spec.config.auth.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":6000", null, 6000)]
    [InlineData("127.0.0.1:6000", null, 6000)]
    [InlineData(":6000", 7000, 7000)]
    [InlineData(null, 7000, 7000)]
    [InlineData(null, null, 5000)]
    public void Run_takes_the_port_from_the_node_then_from_the_address(string? address, int? port, int expected)
    {
        string http = address is null ? "" : $$""", "http": {"addr": "{{address}}"}""";
        LocalRegistrySpec spec = Samples.Spec($$"""{"version": 0.1, "storage": {"s3": {{S3}} } {{http}} }""") with { Node = new NodeSpec { Port = port } };

        ConfigurationAnswer answer = Run(spec);

        Assert.Equal(expected, answer.Candidate!.Plan.Port);
        Assert.Contains($"127.0.0.1:{expected}", answer.Candidate.Plan.Config, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5s")]
    [InlineData("1200h")]
    [InlineData("soon")]
    public void Run_with_an_interval_that_is_none_refuses_it(string interval) => Assert.Contains(
        "spec.validation.interval: ",
        Run(Samples.Spec() with { Validation = new ValidationSpec { Interval = interval } }).Answer.Message,
        StringComparison.Ordinal);

    [Fact]
    public void Run_with_a_drain_that_outlasts_the_pod_refuses_it() => Assert.Contains(
        "spec.config.http.draintimeout: must be at most 20s",
        Run(Samples.Spec($$"""{"version": 0.1, "storage": {"s3": {{S3}} }, "http": {"draintimeout": "5m"} }""")).Answer.Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{}""", "spec.node.cache.size: must be a whole number with a unit, such as 20Gi, and at least 100Mi, not \"\"")]
    [InlineData("""{"size": "much"}""", "spec.node.cache.size: must be")]
    [InlineData("""{"size": "1.5Gi"}""", "spec.node.cache.size: must be")]
    [InlineData("""{"size": "-20Gi"}""", "spec.node.cache.size: must be")]
    [InlineData("""{"size": "99Mi"}""", "at least 100Mi, not \"99Mi\"")]
    [InlineData("""{"size": 104857599}""", "at least 100Mi, not \"104857599\"")]
    [InlineData("""{"size": "8Ei"}""", "spec.node.cache.size: must be")]
    [InlineData("""{"size": "1Gi", "free": "half"}""", "spec.node.cache.free: must be a whole number with a unit")]
    [InlineData("""{"size": "1Gi", "free": "-1"}""", "spec.node.cache.free: must be")]
    [InlineData("""{"size": "1Gi", "hostPath": "cache"}""", "spec.node.cache.hostPath: must be an absolute path")]
    [InlineData("""{"size": "1Gi", "hostPath": "/mnt/../etc"}""", "spec.node.cache.hostPath: must be an absolute path")]
    [InlineData("""{"size": "1Gi", "hostPath": "/mnt/"}""", "spec.node.cache.hostPath: must be an absolute path")]
    [InlineData("""{"size": "1Gi", "hostPath": "/"}""", "spec.node.cache.hostPath: must be an absolute path")]
    [InlineData("""{"size": "1Gi", "hostPath": "/etc"}""", "spec.node.cache.hostPath: must be a folder for data")]
    [InlineData("""{"size": "1Gi", "hostPath": "/tmp/cache"}""", "spec.node.cache.hostPath: must be a folder for data")]
    [InlineData("""{"size": "1Gi", "hostPath": "/var/lib/kubelet/plugins"}""", "spec.node.cache.hostPath: must be a folder for data")]
    [InlineData("""{"size": "1Gi", "hostPath": "/var/lib/containerd"}""", "spec.node.cache.hostPath: must be a folder for data")]
    [InlineData("""{"size": "1Gi", "verifyInterval": "soon"}""", "spec.node.cache.verifyInterval: must be a duration from 1h to 8760h")]
    [InlineData("""{"size": "1Gi", "verifyInterval": "59m"}""", "spec.node.cache.verifyInterval: must be")]
    [InlineData("""{"size": "1Gi", "verifyInterval": "8761h"}""", "spec.node.cache.verifyInterval: must be")]
    public void Run_refuses_a_cache_that_cannot_be(string cache, string told)
    {
        ConfigurationAnswer answer = Run(WithCache(cache));

        Assert.Null(answer.Candidate);
        Assert.Contains(told, answer.Answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"size": "20Gi"}""")]
    [InlineData("""{"size": "100Mi", "free": "0", "verifyInterval": "0s"}""")]
    [InlineData("""{"size": 104857600, "free": 0, "verifyInterval": "1h", "serveStale": false}""")]
    [InlineData("""{"size": "1Ti", "free": "10Gi", "hostPath": "/var/cache/localregistry", "verifyInterval": "8760h"}""")]
    [InlineData("""{"size": "1G", "hostPath": "/var/lib/localregistry"}""")]
    [InlineData("""{"size": "1G", "hostPath": "/usrdata"}""")]
    public void Run_accepts_a_cache(string cache) => Assert.NotNull(Run(WithCache(cache)).Candidate);

    private static LocalRegistrySpec WithCache(string cache) =>
        Samples.Spec() with { Node = new NodeSpec { Cache = k8s.KubernetesJson.Deserialize<NodeCacheSpec>(cache) } };

    private static ConfigurationAnswer Run(LocalRegistrySpec spec) => ConfigurationCheck.Run(Samples.Registry(spec), Samples.Image, NodePlatform.Containerd);
}
