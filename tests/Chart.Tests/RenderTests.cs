using System.Text.Json.Nodes;

namespace LocalRegistry.Chart.Tests;

public class RenderTests
{
    [Fact]
    public async Task Defaults_bring_the_operator_its_rights_and_the_definition()
    {
        Rendering chart = await Rendering.OfAsync();

        Assert.Equal(
            ["ServiceAccount", "CustomResourceDefinition", "ClusterRole", "ClusterRole", "ClusterRoleBinding", "ClusterRoleBinding", "Role", "RoleBinding", "Deployment"],
            chart.Kinds);
        Assert.Equal(Rendering.Name, (string?)chart.Deployment["metadata"]!["name"]);
        Assert.Equal(2, (int?)chart.Deployment["spec"]!["replicas"]);
        Assert.Equal("localregistry/operator:0.1.0", (string?)chart.Container["image"]);
        Assert.Equal(["run", "--registry-image", "localregistry/registry:0.1.0", "--aws-requests-per-second", "10"], chart.Arguments);
        Assert.True(JsonNode.DeepEquals(
            Yaml.Document(Repository.Text(Crd.File)), chart["CustomResourceDefinition"]), "the chart's definition is not that of crds/");
    }

    [Fact]
    public async Task Deployment_finds_its_pods_and_says_who_they_are()
    {
        Rendering chart = await Rendering.OfAsync();
        JsonNode spec = chart.Deployment["spec"]!;
        JsonObject labels = spec["template"]!["metadata"]!["labels"]!.AsObject();

        // A selector can never change, so nothing that an upgrade changes may stand in it.
        Assert.Equal(
            ["app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/name"],
            spec["selector"]!["matchLabels"]!.AsObject().Select(l => l.Key).Order(StringComparer.Ordinal));
        Assert.All(spec["selector"]!["matchLabels"]!.AsObject(), l => Assert.Equal((string?)l.Value, (string?)labels[l.Key]));
        Assert.Equal("metadata.name", FieldOf(chart, "POD_NAME"));
        Assert.Equal("metadata.namespace", FieldOf(chart, "POD_NAMESPACE"));
        Assert.Equal("http", (string?)chart.Container["ports"]![0]!["name"]);
        Assert.Equal(8080, (int?)chart.Container["ports"]![0]!["containerPort"]);
        Assert.Equal("/healthz", (string?)chart.Container["livenessProbe"]!["httpGet"]!["path"]);
        Assert.Equal("/readyz", (string?)chart.Container["readinessProbe"]!["httpGet"]!["path"]);
    }

    [Fact]
    public async Task Pod_meets_the_restricted_level_of_Pod_Security()
    {
        Rendering chart = await Rendering.OfAsync();
        JsonNode pod = chart.Pod["securityContext"]!;
        JsonNode container = chart.Container["securityContext"]!;

        Assert.True((bool?)pod["runAsNonRoot"]);
        Assert.Equal(1654, (int?)pod["runAsUser"]);
        Assert.Equal("RuntimeDefault", (string?)pod["seccompProfile"]!["type"]);
        Assert.False((bool?)container["allowPrivilegeEscalation"]);
        Assert.True((bool?)container["readOnlyRootFilesystem"]);
        Assert.Equal("ALL", (string?)Assert.Single(container["capabilities"]!["drop"]!.AsArray()));
        // With a read-only root file system the runtime needs a place for its files, and its diagnostics off.
        Assert.Contains(chart.Container["volumeMounts"]!.AsArray(), m => (string?)m!["mountPath"] == "/tmp");
        Assert.Equal("0", chart.Variable("DOTNET_EnableDiagnostics"));
    }

    [Fact]
    public async Task Every_mount_has_its_volume()
    {
        foreach (Rendering chart in new[] { await Rendering.OfAsync(), await Rendering.OfAsync("aws.credentialsSecret.name=") })
        {
            Assert.Equal(
                chart.Pod["volumes"]!.AsArray().Select(v => (string)v!["name"]!).Order(),
                chart.Container["volumeMounts"]!.AsArray().Select(m => (string)m!["name"]!).Order());
        }
    }

    [Fact]
    public async Task Credentials_are_mounted_if_they_are_there_and_where_the_SDK_looks()
    {
        Rendering chart = await Rendering.OfAsync("aws.credentialsSecret.name=other", "aws.credentialsSecret.key=file");
        JsonNode secret = chart.Pod["volumes"]!.AsArray().Single(v => v!["secret"] is not null)!["secret"]!;
        JsonNode item = Assert.Single(secret["items"]!.AsArray())!;
        string mount = (string)chart.Container["volumeMounts"]!.AsArray().Single(m => (string?)m!["name"] == "aws")!["mountPath"]!;

        Assert.Equal("other", (string?)secret["secretName"]);
        Assert.True((bool?)secret["optional"]);
        Assert.Equal("file", (string?)item["key"]);
        Assert.Equal($"{mount}/{(string)item["path"]!}", chart.Variable("AWS_SHARED_CREDENTIALS_FILE"));
    }

    [Fact]
    public async Task Without_a_credentials_secret_nothing_of_it_is_left()
    {
        Rendering chart = await Rendering.OfAsync("aws.credentialsSecret.name=");

        Assert.Null(chart.Variable("AWS_SHARED_CREDENTIALS_FILE"));
        Assert.DoesNotContain(chart.Pod["volumes"]!.AsArray(), v => v!["secret"] is not null);
    }

    [Fact]
    public async Task Watching_one_namespace_takes_rights_in_that_namespace_only_but_for_nodes()
    {
        Rendering chart = await Rendering.OfAsync("watchNamespace=team");

        Assert.Equal(["--watch-namespace", "team"], chart.Arguments.Skip(3).Take(2));
        Assert.All(
            chart.All("ClusterRole").Concat(chart.All("ClusterRoleBinding")),
            r => Assert.Equal($"{Rendering.Name}-nodes", (string?)r["metadata"]!["name"]));
        foreach (string kind in new[] { "Role", "RoleBinding" })
        {
            Assert.Equal(
                [(Rendering.Name, "team"), ($"{Rendering.Name}-leader", Rendering.Namespace)],
                chart.All(kind).Select(r => ((string?)r["metadata"]!["name"], (string?)r["metadata"]!["namespace"])).Order());
        }

        Assert.All(chart.All("RoleBinding"), b => Assert.Equal(Rendering.Namespace, (string?)b["subjects"]![0]!["namespace"]));
    }

    [Theory]
    [InlineData(Rendering.Name)]
    [InlineData("mine", "serviceAccount.name=mine")]
    [InlineData("theirs", "serviceAccount.create=false", "serviceAccount.name=theirs")]
    public async Task Account_of_the_pod_is_the_one_with_the_rights(string name, params string[] settings)
    {
        Rendering chart = await Rendering.OfAsync(settings);

        Assert.Equal(name, (string?)chart.Pod["serviceAccountName"]);
        Assert.All(
            chart.All("RoleBinding").Concat(chart.All("ClusterRoleBinding")),
            b => Assert.Equal(name, (string?)Assert.Single(b["subjects"]!.AsArray())!["name"]));
        Assert.Equal(
            settings.Contains("serviceAccount.create=false") ? [] : [name],
            chart.All("ServiceAccount").Select(a => (string?)a["metadata"]!["name"]));
    }

    [Fact]
    public async Task Values_reach_their_places()
    {
        Rendering chart = await Rendering.OfAsync(
            "image.tag=dev",
            "image.pullPolicy=Never",
            "registry.image.repository=registry.example.com:5000/registry",
            "registry.image.tag=dev",
            "registry.image.pullPolicy=Never",
            "replicas=1",
            @"serviceAccount.annotations.eks\.amazonaws\.com/role-arn=arn:aws:iam::1:role/r",
            "priorityClassName=system-cluster-critical",
            "imagePullSecrets[0].name=pull",
            "podAnnotations.a=b",
            "podLabels.c=d",
            @"nodeSelector.kubernetes\.io/os=linux",
            "tolerations[0].operator=Exists",
            "affinity.nodeAffinity.x=y",
            "aws.requestsPerSecond=25",
            "logging.level=Debug",
            "extraEnv[0].name=AWS_REGION,extraEnv[0].value=eu-west-1",
            "resources.limits.memory=1Gi");

        Assert.Equal("localregistry/operator:dev", (string?)chart.Container["image"]);
        Assert.Equal("Never", (string?)chart.Container["imagePullPolicy"]);
        Assert.Equal(
            ["run", "--registry-image", "registry.example.com:5000/registry:dev", "--registry-image-pull-policy", "Never", "--aws-requests-per-second", "25"],
            chart.Arguments);
        Assert.Equal(1, (int?)chart.Deployment["spec"]!["replicas"]);
        Assert.Equal("arn:aws:iam::1:role/r", (string?)chart["ServiceAccount"]["metadata"]!["annotations"]!["eks.amazonaws.com/role-arn"]);
        Assert.Equal("system-cluster-critical", (string?)chart.Pod["priorityClassName"]);
        Assert.Equal("pull", (string?)chart.Pod["imagePullSecrets"]![0]!["name"]);
        Assert.Equal("b", (string?)chart.Deployment["spec"]!["template"]!["metadata"]!["annotations"]!["a"]);
        Assert.Equal("d", (string?)chart.Deployment["spec"]!["template"]!["metadata"]!["labels"]!["c"]);
        Assert.Equal("linux", (string?)chart.Pod["nodeSelector"]!["kubernetes.io/os"]);
        Assert.Equal("Exists", (string?)chart.Pod["tolerations"]![0]!["operator"]);
        Assert.Equal(["nodeAffinity"], chart.Pod["affinity"]!.AsObject().Select(a => a.Key));
        Assert.Equal("Debug", chart.Variable("Logging__LogLevel__Default"));
        Assert.Equal("eu-west-1", chart.Variable("AWS_REGION"));
        Assert.Equal("1Gi", (string?)chart.Container["resources"]!["limits"]!["memory"]);
        Assert.Equal("50m", (string?)chart.Container["resources"]!["requests"]!["cpu"]);
    }

    [Fact]
    public async Task Definition_and_namespace_come_only_if_asked_for()
    {
        Rendering chart = await Rendering.OfAsync("crds.install=false", "namespace.create=true");

        Assert.DoesNotContain("CustomResourceDefinition", chart.Kinds);
        Assert.Equal("Namespace", chart.Kinds.First());
        Assert.Equal(Rendering.Namespace, (string?)chart["Namespace"]["metadata"]!["name"]);
        Assert.Equal("privileged", (string?)chart["Namespace"]["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]);
    }

    [Theory]
    [InlineData("1.20.2", false)]
    [InlineData("1.22.17", false)]
    [InlineData("1.23.0", true)]
    [InlineData("1.36.0", true)]
    public async Task Old_API_servers_get_the_definition_without_rules_they_do_not_know(string version, bool rules)
    {
        JsonNode rendered = (await Rendering.OfAsync($"--kube-version {version}"))["CustomResourceDefinition"];
        JsonNode expected = Yaml.Document(Repository.Text(Crd.File));
        if (!rules)
        {
            Crd.RemoveRules(expected);
        }

        Assert.True(JsonNode.DeepEquals(expected, rendered));
    }

    [Fact]
    public async Task Too_old_a_cluster_is_refused()
    {
        ScriptResult result = await Rendering.RunAsync("--kube-version 1.19.16");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("incompatible with Kubernetes v1.19.16", result.Error, StringComparison.Ordinal);
    }

    private static string? FieldOf(Rendering chart, string variable) => (string?)chart.Container["env"]!.AsArray()
        .Single(v => (string?)v!["name"] == variable)!["valueFrom"]!["fieldRef"]!["fieldPath"];
}
