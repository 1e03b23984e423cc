using System.CommandLine;
using System.Runtime.InteropServices;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Logging;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary><c>registry node-config</c>: tells a node's container runtime of the mirrors.</summary>
internal static class NodeConfigCommand
{
    private const int Passed = 0;
    private const int NotPassed = 1;
    private const int ConfigurationRefused = 2;

    private static readonly Argument<string> Mirrors = new("mirrors") { Description = "The file with the image hosts (mirrors.yml)." };

    private static readonly Option<string> Status = new("--status-file") { Description = "The file that holds the last report.", Required = true };

    private static readonly Option<string?> Output = new("--output") { Description = "Write the report to this file as well." };

    private static readonly Option<string> Owner = new("--owner") { Description = "Whose files, as namespace/name of the LocalRegistry.", Required = true };

    private static readonly Option<RuntimeKind> Runtime = new("--runtime") { Description = "The kind of runtime: containerd or registriesconf.", Required = true };

    private static readonly Option<string> Directory = new("--directory") { Description = "The folder where mirrors are configured.", Required = true };

    public static Command Build()
    {
        var run = new Command("run", "Writes the runtime's mirror files once the registry answers, keeps them, and restores them when it is stopped.") { Mirrors, Status };
        run.SetAction((arguments, _) => RunAsync(arguments.GetRequiredValue(Mirrors), arguments.GetRequiredValue(Status)));

        var ready = new Command("ready", "Passes if the node's runtime is told of every mirror, or cannot be told until somebody sees to it.") { Status };
        ready.SetAction(arguments => Ready(new StatusFile(arguments.GetRequiredValue(Status)), TimeProvider.System));

        var report = new Command("report", "Says how the node stands as one JSON object, and changes nothing.") { Mirrors, Output };
        report.SetAction((arguments, cancellation) => ReportAsync(arguments.GetRequiredValue(Mirrors), arguments.GetValue(Output), cancellation));

        var restore = new Command("restore", "Puts back everything that was written to the node.") { Owner, Runtime, Directory, Output };
        restore.SetAction(arguments => Restore(
            arguments.GetRequiredValue(Owner), arguments.GetRequiredValue(Runtime), arguments.GetRequiredValue(Directory), arguments.GetValue(Output)));

        return new Command("node-config", "Tells the node's container runtime of the mirrors.") { run, ready, report, restore };
    }

    private static async Task<int> RunAsync(string path, string statusFile)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            // It ends by itself, once everything is put back.
            signal.Cancel = true;
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var status = new StatusFile(statusFile);
        // What stands there from a process before this one is not true any more.
        if (status.Write(NodeReports.Starting()) is { } problem)
        {
            Console.Error.WriteLine($"{statusFile} cannot be written: {problem}");
        }

        if (Load(path) is not { } configuration)
        {
            return ConfigurationRefused;
        }

        using ILoggerFactory logging = LoggerFactory.Create(b => b.AddRegistryLogging(new LogConfiguration()));
        using var registry = new NodeRegistry(configuration);
        var loop = new NodeConfigLoop(
            configuration, new NodeMirrors(configuration), registry, status, TimeProvider.System, logging.CreateLogger<NodeConfigLoop>());
        return await loop.RunAsync(stop.Token) ? Passed : NotPassed;
    }

    private static int Ready(StatusFile file, TimeProvider time)
    {
        if (file.WhyNotReady(time.GetUtcNow()) is { } problem)
        {
            Console.WriteLine(problem);
            return NotPassed;
        }

        return Passed;
    }

    private static int Restore(string owner, RuntimeKind kind, string directory, string? output)
    {
        string folder = Path.TrimEndingDirectorySeparator(directory);
        string? wrong = !MirrorConfigurationReader.IsOwner(owner) ? $"--owner: must be a LocalRegistry's namespace/name, not \"{owner}\""
            : !MirrorConfigurationReader.IsNodePath(folder)
                ? $"--directory: must be an absolute path without \".\", \"..\" and empty parts, such as /etc/containerd/certs.d, not \"{directory}\""
                : null;
        if (wrong is not null)
        {
            Console.Error.WriteLine(wrong);
            return ConfigurationRefused;
        }

        NodeReport restored = System.IO.Directory.Exists(folder)
            ? NodeMirrors.Restore(owner, kind, folder)
            : NodeReports.Blocked(
                new FileProblem(NodeReasons.NotWritable, $"{folder} is not there, or is no folder: name the one where the runtime's mirrors are configured"), 0);
        return Answer(restored, output) && restored.State == NodeState.Restored ? Passed : NotPassed;
    }

    private static async Task<int> ReportAsync(string path, string? output, CancellationToken cancellation)
    {
        if (Load(path) is not { } configuration)
        {
            return ConfigurationRefused;
        }

        using var registry = new NodeRegistry(configuration);
        NodeLook look = new NodeMirrors(configuration).Inspect();
        NodeReport report = look.Report;
        if (report.State == NodeState.Waiting && (await registry.AskAsync(cancellation)).Standing is not RegistryStanding.StandsIn and var standing)
        {
            report = NodeReports.Waiting(report, standing, configuration.Registry.ToString());
        }

        report = report with { LastMirroredRequest = await registry.LastRequestAsync(cancellation) };
        return Answer(report, output) ? Passed : NotPassed;
    }

    private static MirrorConfiguration? Load(string path)
    {
        MirrorConfiguration? configuration = ConfigurationFile.LoadMirrors(path);
        if (configuration is { Runtime: null })
        {
            Console.Error.WriteLine($"{path}: runtime: is required to configure a node: write its kind and directories");
            return null;
        }

        return configuration;
    }

    private static bool Answer(NodeReport report, string? output)
    {
        string json = report.ToJson();
        Console.WriteLine(json);
        try
        {
            if (output is not null)
            {
                File.WriteAllText(output, json);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{output} cannot be written: {e.Message}");
            return false;
        }
    }
}
