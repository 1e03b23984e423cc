using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class MirrorProofPodTests
{
    [Fact]
    public void Pod_is_as_written() => Golden.Match(Build(Samples.Mirrored()), "mirror-proof");

    [Fact]
    public void Pod_pulls_once_from_each_host_however_often_it_is_named()
    {
        V1Pod pod = Build(Samples.Spec() with
        {
            Mirrors = [new MirrorSpec { Host = "docker.io" }, new MirrorSpec { Host = "index.docker.io" }, new MirrorSpec { Host = "quay.io" }],
        });

        Assert.Equal(
            [$"docker.io/localregistry.dev/canary:v1@{Canary.Digest}", $"quay.io/localregistry.dev/canary:v1@{Canary.Digest}"],
            pod.Spec.Containers.Skip(1).Select(c => c.Image));
        Assert.All(pod.Spec.Containers.Skip(1), c => Assert.Equal("Always", c.ImagePullPolicy));
    }

    // A node's own files are only read, and no container that comes from elsewhere sees any.
    [Fact]
    public void Pod_changes_nothing_on_its_node()
    {
        V1PodSpec spec = Build(Samples.Mirrored()).Spec;

        Assert.All(spec.Containers[0].VolumeMounts, m => Assert.True(m.ReadOnlyProperty));
        Assert.All(spec.Containers.Skip(1), c => Assert.Null(c.VolumeMounts));
        Assert.All(spec.Containers, c => Assert.NotEqual(true, c.SecurityContext.Privileged));
        Assert.False(spec.AutomountServiceAccountToken);
        Assert.Null(spec.PriorityClassName);
    }

    private static V1Pod Build(LocalRegistrySpec spec)
    {
        RolloutPlan plan = Samples.Plan(Samples.Mirrored());
        return MirrorProofPod.Build(Samples.Owner, plan with { Spec = spec }, "node-1", "registry-node-config-abcde");
    }
}
