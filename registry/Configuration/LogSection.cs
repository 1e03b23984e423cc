using System.Buffers;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>log</c> and <c>loglevel</c>.</summary>
internal static class LogSection
{
    // What every reader of lines takes for a name: in a text line it stands before "=" and cannot be quoted.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("-._/@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <param name="root">The top level, for the older name of the level.</param>
    public static LogConfiguration Read(Section root)
    {
        LogThreshold older = Threshold(root, "loglevel", LogThreshold.Info);
        Section section = root.Child("log");
        Section access = section.Child("accesslog");
        var log = new LogConfiguration
        {
            Level = Threshold(section, "level", older),
            Format = section.Choice(
                "formatter", LogFormat.Text, ("text", LogFormat.Text), ("json", LogFormat.Json), ("logstash", LogFormat.Logstash)),
            Fields = Fields(section),
            AccessLog = !access.Flag("disabled", false),
        };
        access.End();
        section.Unsupported("hooks", "is not supported: the registry sends no mail; let what collects the log do it, and remove it");
        section.Unsupported("reportcaller", "is not supported: what a program compiled ahead of time keeps of its source is not enough to say; remove it");
        section.End();
        return log;
    }

    private static Dictionary<string, string> Fields(Section section)
    {
        Dictionary<string, string> fields = section.Texts("fields");
        foreach (string name in fields.Keys)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
            {
                section.Invalid("fields", $"\"{name}\" cannot be a field's name: it has letters, digits, \"-\", \".\", \"_\", \"/\" and \"@\"");
            }
        }

        return fields;
    }

    private static LogThreshold Threshold(Section section, string key, LogThreshold absent) => section.Choice(
        key, absent, ("error", LogThreshold.Error), ("warn", LogThreshold.Warn), ("info", LogThreshold.Info), ("debug", LogThreshold.Debug));
}
