using System.Globalization;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>health</c>.</summary>
internal static class HealthSection
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static HealthConfiguration Read(Section section)
    {
        Section driver = section.Child("storagedriver");
        var health = new HealthConfiguration
        {
            StorageDriver = driver.Flag("enabled", false),
            Interval = Interval(driver),
            Threshold = Threshold(driver),
        };
        driver.End();

        var names = new HashSet<string>(StringComparer.Ordinal);
        health = health with
        {
            Files = [.. section.Children("file").Select(each => ReadFile(each, names))],
            Http = [.. section.Children("http").Select(each => ReadHttp(each, names))],
            Tcp = [.. section.Children("tcp").Select(each => ReadTcp(each, names))],
        };
        section.End();
        return health;
    }

    private static FileHealthCheck ReadFile(Section section, HashSet<string> names)
    {
        string file = section.RequiredText("file", "name the file whose presence makes the registry unhealthy");
        if (file.Length > 0 && file[0] != '/')
        {
            section.Invalid("file", $"must be an absolute path, not \"{file}\"");
        }

        Distinct(section, "file", file, names);
        var check = new FileHealthCheck(file, Interval(section));
        section.End();
        return check;
    }

    private static HttpHealthCheck ReadHttp(Section section, HashSet<string> names)
    {
        string text = section.RequiredText("uri", "write the URL that is asked");
        bool isUrl = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";
        if (text.Length > 0 && !isUrl)
        {
            section.Invalid("uri", $"must be an http or https URL, not \"{text}\"");
        }
        else if (uri is { UserInfo.Length: > 0 })
        {
            // It is the check's name too, which everybody may read.
            section.Invalid("uri", "must not hold a user and password: send an Authorization header by headers");
        }

        Distinct(section, "uri", text, names);
        TimeSpan interval = Interval(section);
        var check = new HttpHealthCheck(
            text,
            HeaderLists.Read(section, "headers"),
            section.Integer("statuscode", 200, 100, 599),
            Timeout(section, interval),
            interval,
            Threshold(section));
        section.End();
        return check;
    }

    private static TcpHealthCheck ReadTcp(Section section, HashSet<string> names)
    {
        string address = section.RequiredText("addr", "write the host and the port that are connected to");
        int colon = address.LastIndexOf(':');
        string host = colon < 0 ? "" : address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }

        bool hasPort = ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
        if (address.Length > 0 && (!hasPort || Uri.CheckHostName(host) == UriHostNameType.Unknown))
        {
            section.Invalid("addr", $"must be host:port, such as redis.example.com:6379, not \"{address}\"");
        }

        Distinct(section, "addr", address, names);
        TimeSpan interval = Interval(section);
        var check = new TcpHealthCheck(address, host, port, Timeout(section, interval), interval, Threshold(section));
        section.End();
        return check;
    }

    private static TimeSpan Interval(Section section)
    {
        TimeSpan interval = section.Duration("interval", HealthConfiguration.DefaultInterval);
        if (interval == TimeSpan.Zero)
        {
            return HealthConfiguration.DefaultInterval;
        }

        if (interval < Shortest)
        {
            section.Invalid("interval", "must be at least 1s");
        }

        return interval;
    }

    private static TimeSpan Timeout(Section section, TimeSpan absent)
    {
        TimeSpan timeout = section.Duration("timeout", absent);
        return timeout == TimeSpan.Zero ? absent : timeout;
    }

    private static int Threshold(Section section) => Math.Max(1, section.Integer("threshold", 1, 0));

    private static void Distinct(Section section, string key, string name, HashSet<string> names)
    {
        if (name.Length > 0 && !names.Add(name))
        {
            section.Invalid(key, $"is checked twice: {name}");
        }
    }
}
