using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>
/// Runs the container of a preflight's Job as a process: the operator's own Job, with its arguments and variables, and the registry's real
/// program. What the process leaves behind is read by the operator as it reads a pod.
/// </summary>
internal static class PreflightRun
{
    private const string TerminationLog = "/dev/termination-log";

    private static readonly Owner Owner = new("local-registry", "registry", "11111111-2222-3333-4444-555555555555");

    /// <summary>What the operator finds.</summary>
    public static async Task<IReadOnlyList<Finding>> JudgeAsync(PreflightScene scene)
    {
        LocalRegistrySpec spec = scene.Spec;
        var registry = new V1Alpha1LocalRegistry
        {
            Metadata = new V1ObjectMeta { Name = Owner.Name, NamespaceProperty = Owner.Namespace, Uid = Owner.Uid, Generation = 1 },
            Spec = spec,
        };
        ConfigurationAnswer read = ConfigurationCheck.Run(registry, new RegistryImage("registry.example.com/localregistry:1"), NodePlatform.Containerd);
        Assert.True(read.Candidate is not null, read.Answer.Message);
        V1Job job = PreflightJob.Build(Owner, read.Candidate.Plan, 1, 0, null);
        V1Pod pod = await RunAsync(scene, job, read.Candidate.Plan.Config);
        var facts = new AccessFacts { Report = PreflightReading.Report(job, pod), HasIam = false };
        return
        [
            .. Severities.Judge(AccessChecks.All, facts, new CheckContext(Owner, spec, read.Candidate.Driver)),
            new Finding(PreflightAnswer.Check, Severity.Enforce, PreflightReading.Finished(job, pod)),
        ];
    }

    private static async Task<V1Pod> RunAsync(PreflightScene scene, V1Job job, string config)
    {
        using var files = new RegistryFiles(config, scene.CredentialsFile);
        string folder = Path.GetDirectoryName(files.Config)!;
        if (scene.Token is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "token"), scene.Token, PreflightScene.Cancel);
        }

        V1Container container = job.Spec.Template.Spec.Containers[0];
        IEnumerable<string> arguments = container.Args.Select(argument => argument switch
        {
            RegistryPodTemplate.ConfigPath => files.Config,
            TerminationLog => files.Answer,
            _ => argument,
        });
        // A node outside AWS, unless the case says more: nothing answers where an instance's metadata would be.
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = $"http://127.0.0.1:{FreePort.Find()}",
        };
        foreach ((string name, string value) in (container.Env ?? []).Select(v => (v.Name, v.Value)).Concat(scene.Environment.Select(v => (v.Key, v.Value))))
        {
            environment[name] = value.Replace(PreflightScene.Mount, folder, StringComparison.Ordinal);
        }

        CommandResult result = await Testbed.CommandLine.RunAsync(
            RegistryProgram.Path, RegistryProgram.Arguments(arguments), new CommandOptions { AnyExitCode = true, Environment = environment }, PreflightScene.Cancel);
        Assert.True(File.Exists(files.Answer), result.Error);
        string report = await File.ReadAllTextAsync(files.Answer, PreflightScene.Cancel);
        job.Status = new V1JobStatus { Conditions = [new V1JobCondition { Type = result.ExitCode == 0 ? "Complete" : "Failed", Status = "True" }] };
        var end = new V1ContainerStateTerminated { ExitCode = result.ExitCode, Message = report.Replace(folder, PreflightScene.Mount, StringComparison.Ordinal) };
        return new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = $"{job.Name()}-x" },
            Status = new V1PodStatus { ContainerStatuses = [new V1ContainerStatus { State = new V1ContainerState { Terminated = end } }] },
        };
    }
}
