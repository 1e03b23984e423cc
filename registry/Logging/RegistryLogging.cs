using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace LocalRegistry.Registry.Logging;

/// <summary>Sets up the console as the <c>log</c> section asks.</summary>
internal static class RegistryLogging
{
    public static ILoggingBuilder AddRegistryLogging(this ILoggingBuilder logging, LogConfiguration configuration)
    {
        LogLevel level = configuration.Level switch
        {
            LogThreshold.Error => LogLevel.Error,
            LogThreshold.Warn => LogLevel.Warning,
            LogThreshold.Debug => LogLevel.Debug,
            _ => LogLevel.Information,
        };
        logging.SetMinimumLevel(level);
        if (level > LogLevel.Debug)
        {
            // The host's own remarks are for those who look for a fault.
            logging.AddFilter("Microsoft", LogLevel.Warning);
        }

        // They tell a request's query, which may hold signatures; the access log tells the rest of it.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Warning);

        ConsoleFormatter formatter = configuration.Format == LogFormat.Text
            ? new TextFormatter(configuration.Fields, TimeProvider.System)
            : new JsonFormatter(configuration.Format, configuration.Fields, TimeProvider.System);
        logging.Services.AddSingleton(formatter);
        return logging.AddConsole(console => console.FormatterName = formatter.Name);
    }
}
