namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>log</c> section.</summary>
public sealed record LogConfiguration
{
    /// <summary>The least severe level that is written (<c>log.level</c>).</summary>
    public LogThreshold Level { get; init; } = LogThreshold.Info;

    /// <summary>The form of a line (<c>log.formatter</c>).</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>Fields added to every line (<c>log.fields</c>).</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether each request is logged (<c>log.accesslog.disabled</c>, turned round).</summary>
    public bool AccessLog { get; init; } = true;
}

/// <summary>The values of <c>log.level</c>.</summary>
public enum LogThreshold
{
    /// <summary>Failures only.</summary>
    Error,

    /// <summary>And what may need attention.</summary>
    Warn,

    /// <summary>And what happens in normal work.</summary>
    Info,

    /// <summary>And what helps to find a fault.</summary>
    Debug,
}

/// <summary>The values of <c>log.formatter</c>.</summary>
public enum LogFormat
{
    /// <summary><c>time=... level=... msg=...</c></summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>One JSON object a line with Logstash's field names.</summary>
    Logstash,
}
