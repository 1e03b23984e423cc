using System.CommandLine;
using System.Net.Sockets;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Checks;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Mirror.Node;
using LocalRegistry.Registry.Telemetry;

const int Passed = 0;
const int NotPassed = 1;
const int ConfigurationRefused = 2;

var path = new Argument<string?>("config")
{
    Description = "The configuration file; /etc/distribution/config.yml or /etc/docker/registry/config.yml if left out.",
    Arity = ArgumentArity.ZeroOrOne,
};
var output = new Option<FileInfo?>("--output") { Description = "Write the JSON answer to this file as well." };

var mirrorsPath = new Option<string?>("--mirrors") { Description = "The file with the image hosts that the registry stands in for; none if left out." };

var cacheOptions = new CacheOptions();

var serve = new Command("serve", "Serves the registry.") { path, mirrorsPath };
cacheOptions.AddTo(serve);
serve.SetAction(async (arguments, _) =>
{
    if (ConfigurationFile.Load(arguments.GetValue(path)) is not { } configuration)
    {
        return ConfigurationRefused;
    }

    MirrorConfiguration? mirrors = null;
    if (arguments.GetValue(mirrorsPath) is { } file && (mirrors = ConfigurationFile.LoadMirrors(file)) is null)
    {
        return ConfigurationRefused;
    }

    if (!ConfigurationFile.PrepareLogin(arguments.GetValue(path), configuration.Htpasswd, out HtpasswdFile? users))
    {
        return ConfigurationRefused;
    }

    if (!ConfigurationFile.PrepareListener(arguments.GetValue(path), configuration.Http, out ServerTls? tls))
    {
        return ConfigurationRefused;
    }

    if (!ConfigurationFile.ReadTraces(out OtlpSettings? traces))
    {
        return ConfigurationRefused;
    }

    if (!cacheOptions.Read(arguments, out NodeCacheSettings? cache))
    {
        return ConfigurationRefused;
    }

    await using WebApplication server = RegistryServer.Create(configuration, mirrors, tls, users, traces, cache: cache);
    try
    {
        await server.RunAsync();
    }
    catch (Exception e) when (e is IOException or SocketException)
    {
        Console.Error.WriteLine($"cannot listen on {configuration.Http.SocketPath ?? configuration.Http.Address.ToString()}: {e.Message}");
        return NotPassed;
    }

    return Passed;
});

var check = new Command("check", "Makes the calls that this configuration needs of the object store and prints one JSON answer.") { path, output };
check.SetAction(async (arguments, cancellation) =>
{
    if (ConfigurationFile.Load(arguments.GetValue(path)) is not { } configuration)
    {
        return ConfigurationRefused;
    }

    CheckReport report = await StoreCheck.RunAsync(configuration, cancellation);
    Console.WriteLine(report.ToJson());
    if (arguments.GetValue(output) is { } file)
    {
        await File.WriteAllTextAsync(file.FullName, report.ToJson(), cancellation);
    }

    return report.Passed ? Passed : NotPassed;
});

var root = new RootCommand("An image registry that serves Docker's registry's buckets.") { serve, check, NodeConfigCommand.Build(), CachePrepareCommand.Build() };

// The server drains by its own clock after SIGTERM.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
