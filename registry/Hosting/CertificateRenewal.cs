using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// Looks at intervals whether the certificate's files have changed. The content is compared: a mounted Secret changes by a link far above the
/// files, of which neither their times nor a watch of them tells.
/// </summary>
internal sealed partial class CertificateRenewal(ServerTls tls, TimeProvider time, ILogger<CertificateRenewal> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    private void Look()
    {
        var problems = new List<ConfigurationProblem>();
        if (tls.Renew(problems))
        {
            LogRenewed(tls.Certificate.Subject, tls.Certificate.NotAfter.ToUniversalTime());
        }

        string told = string.Join("; ", problems.Select(p => $"{p.Path}: {p.Message}"));
        if (told.Length > 0 && told != _told)
        {
            LogNotRenewed(told);
        }

        _told = told;
    }

    [LoggerMessage(1, LogLevel.Information, "new connections are shown the certificate of {Subject}, which ends {End:yyyy-MM-dd HH:mm} UTC")]
    private partial void LogRenewed(string subject, DateTime end);

    [LoggerMessage(2, LogLevel.Warning, "the certificate's files have changed and cannot be taken, so the former certificate is shown: {Problems}")]
    private partial void LogNotRenewed(string problems);
}
