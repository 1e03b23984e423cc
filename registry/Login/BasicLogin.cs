using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Http;

namespace LocalRegistry.Registry.Login;

/// <summary>Asks for a name and a password (<c>auth.htpasswd</c>; RFC 7617) before anything but <c>/</c>, which probes ask for.</summary>
internal sealed partial class BasicLogin(HtpasswdFile file, PasswordChecks checks, TimeProvider time, ILogger<BasicLogin> logger)
{
    /// <summary>How often the file is looked at, at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const string Scheme = "Basic ";

    private readonly string _challenge = $"Basic realm=\"{file.Configuration.Realm}\"";
    private long _looked = time.GetTimestamp();
    private string _told = "";

    /// <returns>Why the request is not answered; null if it may be.</returns>
    public async Task<RegistryError?> CheckAsync(HttpContext context)
    {
        if (context.Request.Path == "/")
        {
            return null;
        }

        Renew();
        if (Read(context.Request.Headers.Authorization) is not { } given)
        {
            return Refuse(context, "this registry asks for a login: run docker login, or send a name and a password");
        }

        return await checks.RunAsync(file.Users, given.User, given.Password, context.RequestAborted) switch
        {
            PasswordVerdict.Right => null,
            PasswordVerdict.Busy => new RegistryError(ErrorCode.TooManyRequests, "too many logins are under way; try again"),
            _ => Refuse(context, "the name or the password is wrong"),
        };
    }

    private RegistryError Refuse(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = _challenge;
        return new RegistryError(ErrorCode.Unauthorized, message);
    }

    // Null for what is no name and password by RFC 7617, which gives neither of them control characters.
    private static (string User, string Password)? Read(string? header)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':');
        return colon < 0 || pair.Any(char.IsControl) ? null : (pair[..colon], pair[(colon + 1)..]);
    }

    private void Renew()
    {
        long looked = Volatile.Read(ref _looked);
        if (time.GetElapsedTime(looked) < Interval || Interlocked.CompareExchange(ref _looked, time.GetTimestamp(), looked) != looked)
        {
            return;
        }

        var problems = new List<ConfigurationProblem>();
        if (file.Renew(problems))
        {
            LogRenewed(file.Configuration.Path);
        }

        string told = string.Join("; ", problems.Select(p => $"{p.Path}: {p.Message}"));
        if (told.Length > 0 && told != _told)
        {
            LogNotRenewed(told);
        }

        _told = told;
    }

    [LoggerMessage(1, LogLevel.Information, "{Path} has changed: its users may log in from now on, and nobody else")]
    private partial void LogRenewed(string path);

    [LoggerMessage(2, LogLevel.Warning, "the file of users cannot be taken, so the former users may log in: {Problems}")]
    private partial void LogNotRenewed(string problems);
}
