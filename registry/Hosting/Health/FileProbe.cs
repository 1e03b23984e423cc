using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>Looks for a file that must not be there (<c>health.file</c>).</summary>
internal sealed class FileProbe(FileHealthCheck check) : HealthProbe(check.File, check.Interval, 1)
{
    public override Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = File.GetAttributes(check.File);
            return Task.FromResult<string?>("file exists");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<string?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whether it is there cannot be seen.
            return Task.FromResult<string?>(e.Message);
        }
    }
}
