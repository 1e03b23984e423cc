using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void DaemonSet_of_a_plain_resource_is_as_written() => Golden.Match(RegistryDaemonSet.Build(Samples.Owner, Samples.Plan()), "daemonset");

    [Fact]
    public void DaemonSet_with_everything_set_is_as_written() => Golden.Match(RegistryDaemonSet.Build(Samples.Owner, FullPlan()), "daemonset-full");

    [Fact]
    public void DaemonSet_with_a_web_identity_is_as_written() => Golden.Match(RegistryDaemonSet.Build(Samples.Owner, WebIdentityPlan()), "daemonset-web-identity");

    [Fact]
    public void DaemonSet_with_a_cache_in_a_folder_of_the_nodes_is_as_written() => Golden.Match(
        RegistryDaemonSet.Build(Samples.Owner, WithCache(new NodeCacheSpec { Size = "20Gi", Free = "10G", HostPath = "/mnt/disk1", ServeStale = false, VerifyInterval = "0s" })),
        "daemonset-cache");

    [Fact]
    public void DaemonSet_with_a_cache_that_goes_with_the_pod_needs_no_preparation()
    {
        V1PodSpec pod = RegistryDaemonSet.Build(Samples.Owner, WithCache(new NodeCacheSpec { Size = "1Gi" })).Spec.Template.Spec;

        Assert.Null(pod.InitContainers);
        Assert.NotNull(Assert.Single(pod.Volumes, v => v.Name == "cache").EmptyDir);
        Assert.Equal(
            ["--cache", "/var/cache/localregistry", "--cache-size", "1073741824", "--cache-verify", "24h"],
            pod.Containers[0].Args.SkipWhile(a => a != "--cache"));
        // Its user gets to it by the group.
        Assert.Equal(pod.SecurityContext.RunAsGroup, pod.SecurityContext.FsGroup);
    }

    [Fact]
    public void Cache_is_all_that_the_registry_can_write_to()
    {
        RolloutPlan plan = FullPlan();
        plan = plan with { Spec = plan.Spec with { Node = plan.Spec.Node with { Cache = new NodeCacheSpec { Size = "1Gi", HostPath = "/mnt/disk1" } } } };

        V1Container registry = RegistryDaemonSet.Build(Samples.Owner, plan).Spec.Template.Spec.Containers[0];

        Assert.True(registry.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal("/var/cache/localregistry", Assert.Single(registry.VolumeMounts, m => m.ReadOnlyProperty != true).MountPath);
    }

    [Fact]
    public void Caches_of_two_resources_never_share_a_folder() => Assert.NotEqual(
        NodeCache.FolderOf(new Owner("a-b", "c", ""), "/mnt"), NodeCache.FolderOf(new Owner("a", "b-c", ""), "/mnt"));

    [Fact]
    public void Cache_comes_and_goes_by_rolling_the_registry_and_needs_no_new_proof()
    {
        RolloutPlan without = Samples.Plan();
        RolloutPlan with = WithCache(new NodeCacheSpec { Size = "1Gi" });
        RolloutPlan larger = WithCache(new NodeCacheSpec { Size = "2Gi" });

        Assert.Equal(3, new[] { without, with, larger }.Select(p => k8s.KubernetesYaml.Serialize(RegistryDaemonSet.Build(Samples.Owner, p).Spec.Template)).Distinct().Count());
        Assert.Equal(PreflightJob.InputsHash(Samples.Owner, without), PreflightJob.InputsHash(Samples.Owner, with));
        // The preflight stores nothing.
        V1PodSpec preflight = PreflightJob.Build(Samples.Owner, with, 1, 0, null).Spec.Template.Spec;
        Assert.DoesNotContain(preflight.Volumes, v => v.Name == "cache");
        Assert.DoesNotContain("--cache", preflight.Containers[0].Args);
    }

    [Fact]
    public void AppliedRevision_gives_back_a_cache_whose_size_is_a_number()
    {
        RolloutPlan plan = WithCache(k8s.KubernetesJson.Deserialize<NodeCacheSpec>("""{"size": 21474836480, "free": "10Gi", "serveStale": false}"""));

        RolloutPlan read = AppliedRevision.Read(k8s.KubernetesJson.Deserialize<V1ControllerRevision>(k8s.KubernetesJson.Serialize(AppliedRevision.Build(Samples.Owner, plan, 4))))!;

        Assert.Equal(k8s.KubernetesYaml.Serialize(RegistryDaemonSet.Build(Samples.Owner, plan)), k8s.KubernetesYaml.Serialize(RegistryDaemonSet.Build(Samples.Owner, read)));
        Assert.Contains("21474836480", RegistryDaemonSet.Build(Samples.Owner, read).Spec.Template.Spec.Containers[0].Args);
    }

    [Fact]
    public void DaemonSet_with_a_Secret_that_may_be_absent_lets_its_volume_be_empty()
    {
        RolloutPlan plan = WithCredentials(new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "aws", Optional = true } });

        V1Volume volume = Assert.Single(RegistryDaemonSet.Build(Samples.Owner, plan).Spec.Template.Spec.Volumes, v => v.Secret is not null);
        Assert.True(volume.Secret.Optional);
    }

    [Fact]
    public void ConfigMap_is_as_written() => Golden.Match(RegistryConfigMap.Build(Samples.Owner, Samples.Plan()), "configmap");

    [Fact]
    public void ServiceAccount_with_a_role_is_as_written() => Golden.Match(RegistryServiceAccount.Build(Samples.Owner, FullPlan()), "serviceaccount");

    [Fact]
    public void Preflight_is_as_written() => Golden.Match(PreflightJob.Build(Samples.Owner, FullPlan(), attempt: 7, failures: 2, serving: null), "preflight");

    [Fact]
    public void Preflight_runs_as_the_registry_does()
    {
        V1PodSpec registry = RegistryDaemonSet.Build(Samples.Owner, FullPlan()).Spec.Template.Spec;
        V1PodSpec preflight = PreflightJob.Build(Samples.Owner, FullPlan(), 1, 0, null).Spec.Template.Spec;

        Assert.Equal(registry.ServiceAccountName, preflight.ServiceAccountName);
        Assert.Equal(registry.HostNetwork, preflight.HostNetwork);
        Assert.Equal(registry.NodeSelector, preflight.NodeSelector);
        Assert.Equal(registry.Tolerations.Count, preflight.Tolerations.Count);
        Assert.Equal(registry.Containers[0].Image, preflight.Containers[0].Image);
        Assert.Equal(registry.Containers[0].VolumeMounts.Select(m => m.MountPath), preflight.Containers[0].VolumeMounts.Select(m => m.MountPath));
        Assert.Equal(registry.Volumes.Select(v => v.Name), preflight.Volumes.Select(v => v.Name));
    }

    [Fact]
    public void Preflight_of_another_role_brings_it_itself_since_serving_pods_start_with_the_ServiceAccount()
    {
        RolloutPlan serving = WithRole("arn:aws:iam::111122223333:role/old");
        RolloutPlan candidate = WithRole("arn:aws:iam::111122223333:role/new");

        Assert.Equal("arn:aws:iam::111122223333:role/new", RoleOf(PreflightJob.Build(Samples.Owner, candidate, 2, 0, serving)));
        // Where nothing serves yet, and where the role is the one that serves, it comes as it will come to the registry.
        Assert.Null(RoleOf(PreflightJob.Build(Samples.Owner, candidate, 1, 0, null)));
        Assert.Null(RoleOf(PreflightJob.Build(Samples.Owner, serving, 2, 0, serving)));

        static string? RoleOf(V1Job job) => job.Spec.Template.Spec.Containers[0].Env?.SingleOrDefault(e => e.Name == "AWS_ROLE_ARN")?.Value;
    }

    [Fact]
    public void Preflight_of_another_role_keeps_the_file_of_the_Secret_too()
    {
        RolloutPlan candidate = WithRole("arn:aws:iam::111122223333:role/new");
        candidate = candidate with { Spec = candidate.Spec with { Credentials = new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "aws", Optional = true } } } };

        V1Volume volume = Assert.Single(
            PreflightJob.Build(Samples.Owner, candidate, 2, 0, Samples.Plan()).Spec.Template.Spec.Volumes, v => v.Name == "credentials");

        Assert.NotNull(volume.Projected.Sources[0].ServiceAccountToken);
        Assert.Equal(("aws", true), (volume.Projected.Sources[1].Secret.Name, volume.Projected.Sources[1].Secret.Optional));
    }

    [Fact]
    public void DaemonSet_rolls_its_pods_when_the_role_of_their_ServiceAccount_changes()
    {
        V1PodTemplateSpec one = RegistryDaemonSet.Build(Samples.Owner, WithRole("arn:aws:iam::111122223333:role/old")).Spec.Template;
        V1PodTemplateSpec other = RegistryDaemonSet.Build(Samples.Owner, WithRole("arn:aws:iam::111122223333:role/new")).Spec.Template;

        Assert.NotEqual(k8s.KubernetesYaml.Serialize(one), k8s.KubernetesYaml.Serialize(other));
    }

    private static RolloutPlan WithRole(string role) => Samples.Plan(Samples.Spec() with
    {
        ServiceAccount = new ServiceAccountSpec { Annotations = new Dictionary<string, string> { [RegistryServiceAccount.RoleAnnotation] = role } },
    });

    [Fact]
    public void Preflight_is_not_sent_to_a_node_that_is_down()
    {
        V1Toleration only = Assert.Single(PreflightJob.Build(Samples.Owner, Samples.Plan(), 1, 0, null).Spec.Template.Spec.Tolerations);

        Assert.Equal(("Exists", "NoSchedule", null), (only.OperatorProperty, only.Effect, only.Key));
    }

    [Fact]
    public void Preflight_of_a_long_name_stays_within_what_a_label_takes()
    {
        Owner owner = Samples.Owner with { Name = new string('r', 63) };

        Assert.True(Names.Preflight(owner, "0123456789", 999_999).Length <= 63);
    }

    [Fact]
    public void Preflight_inputs_change_with_the_image_but_not_with_the_resources()
    {
        RolloutPlan plan = Samples.Plan();
        RolloutPlan otherImage = plan with { Image = new RegistryImage("other:2") };
        RolloutPlan otherResources = plan with { Spec = plan.Spec with { Node = new NodeSpec { Resources = new V1ResourceRequirements() } } };

        string inputs = PreflightJob.InputsHash(Samples.Owner, plan);

        Assert.NotEqual(inputs, PreflightJob.InputsHash(Samples.Owner, otherImage));
        Assert.Equal(inputs, PreflightJob.InputsHash(Samples.Owner, otherResources));
    }

    // What is proven must be proven anew when any of it changes.
    [Fact]
    public void Preflight_inputs_change_with_every_part_of_the_credentials()
    {
        var secret = new SecretKeyReference { Name = "aws" };
        var web = new WebIdentitySpec { RoleArn = "arn:aws:iam::111122223333:role/registry" };
        CredentialsSpec?[] all =
        [
            null,
            new CredentialsSpec { SecretRef = secret },
            new CredentialsSpec { SecretRef = secret with { Name = "other" } },
            new CredentialsSpec { SecretRef = secret with { Key = "other" } },
            new CredentialsSpec { SecretRef = secret with { Optional = true } },
            new CredentialsSpec { WebIdentity = web },
            new CredentialsSpec { WebIdentity = web with { RoleArn = "arn:aws:iam::111122223333:role/other" } },
            new CredentialsSpec { WebIdentity = web with { Audience = "other" } },
            new CredentialsSpec { WebIdentity = web with { StsEndpoint = "https://sts.example.com" } },
        ];

        Assert.Equal(all.Length, all.Select(each => PreflightJob.InputsHash(Samples.Owner, WithCredentials(each))).Distinct().Count());
    }

    [Fact]
    public void AppliedRevision_gives_back_the_plan_that_it_was_made_from()
    {
        string json = k8s.KubernetesJson.Serialize(AppliedRevision.Build(Samples.Owner, FullPlan(), 4));

        var read = AppliedRevision.Read(k8s.KubernetesJson.Deserialize<V1ControllerRevision>(json));

        Assert.Equal(k8s.KubernetesJson.Serialize(FullPlan()), k8s.KubernetesJson.Serialize(read));
    }

    [Fact]
    public void AppliedRevision_of_another_shape_is_not_read() =>
        Assert.Null(AppliedRevision.Read(k8s.KubernetesJson.Deserialize<V1ControllerRevision>("""{"revision": 1, "data": {"spec": {"template": {}}}}""")));

    private static RolloutPlan WithCache(NodeCacheSpec cache) => Samples.Plan(Samples.Spec() with { Node = new NodeSpec { Cache = cache } });

    private static RolloutPlan WithCredentials(CredentialsSpec? credentials) => Samples.Plan(Samples.Spec() with { Credentials = credentials });

    private static RolloutPlan WebIdentityPlan() => WithCredentials(new CredentialsSpec
    {
        WebIdentity = new WebIdentitySpec
        {
            RoleArn = "arn:aws:iam::111122223333:role/registry",
            Audience = "s3.example.com",
            StsEndpoint = "https://s3.example.com",
        },
    });

    private static RolloutPlan FullPlan() => Samples.Plan(Samples.Spec() with
    {
        Access = AccessMode.ReadWrite,
        Credentials = new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "docker-credentials", Key = "aws" } },
        ServiceAccount = new ServiceAccountSpec
        {
            Name = "puller",
            Annotations = new Dictionary<string, string> { ["eks.amazonaws.com/role-arn"] = "arn:aws:iam::111122223333:role/registry" },
        },
        Node = new NodeSpec
        {
            Port = 5555,
            DebugPort = 5556,
            Network = NodeNetwork.HostPort,
            NodeSelector = new Dictionary<string, string> { ["kubernetes.io/os"] = "linux" },
            Tolerations = [new V1Toleration { Key = "dedicated", OperatorProperty = "Exists", Effect = "NoSchedule" }],
            Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1") } },
        },
    });
}
