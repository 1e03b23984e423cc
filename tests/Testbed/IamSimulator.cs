using System.Diagnostics;
using System.Net;
using System.Text;
using System.Xml.Linq;

namespace LocalRegistry.Testbed;

/// <summary>
/// IAM with policy simulation: a program before a <see cref="MotoServer"/> (<c>tests/setup/iam</c>) that answers what moto lacks. Everything
/// that is not simulation it passes on, so that one address serves both.
/// </summary>
public sealed class IamSimulator : IAsyncDisposable
{
    /// <summary>The access key of a caller who may not simulate.</summary>
    public const string WithoutSimulate = "AKIANOSIMULATE";

    /// <summary>The access key of a caller who may not read roles.</summary>
    public const string WithoutGetRole = "AKIANOGETROLE";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private IamSimulator(Process process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>The address, for <c>AWS_ENDPOINT_URL_IAM</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts it before a server, reachable under an address of this machine.</summary>
    /// <param name="moto">Where users, roles and policies are.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="progress">Receives a line for every step.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<IamSimulator> StartAsync(MotoServer moto, IPAddress address, Action<string> progress, CancellationToken ct)
    {
        await Machine.PrepareAsync(["tools", "iam"], progress, ct);
        var installed = await CommandLine.RunAsync(Repository.PathOf("tests/setup/iam/install.sh"), [], ct);
        var endpoint = new Uri($"http://{address}:{FreePort.Find()}");
        var start = new ProcessStartInfo("node",
        [
            Path.Combine(installed.Output.Trim(), "index.mjs"),
            "--backend", $"{moto.Endpoint}",
            "--host", $"{address}",
            "--port", $"{endpoint.Port}",
            "--deny", $"{WithoutSimulate}:iam:SimulatePrincipalPolicy",
            "--deny", $"{WithoutGetRole}:iam:GetRole",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var simulator = new IamSimulator(Process.Start(start)!, endpoint);
        try
        {
            await Wait.UntilAsync(
                "the policy simulation to listen",
                _ => Task.FromResult(simulator.Log),
                log => log.Contains("listening", StringComparison.Ordinal),
                StartDeadline,
                ct);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes one call of IAM as a caller of an access key.</summary>
    /// <inheritdoc cref="IamQuery.CallAsync"/>
    public Task<XDocument> IamAsync(string accessKey, string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken ct) =>
        IamQuery.CallAsync(Endpoint, accessKey, action, parameters, ct);

    /// <summary>What it logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
