namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>auth</c>.</summary>
internal static class AuthSection
{
    private const string Htpasswd = "htpasswd";

    /// <returns>Who may use the registry; null if everybody may.</returns>
    public static HtpasswdConfiguration? Read(Section section)
    {
        string[] kinds = [.. section.Unread];
        if (kinds.Length == 0)
        {
            return null;
        }

        // Each is an error, also where a variable named it: whoever asks for a login must not get a registry without one.
        foreach (string kind in kinds.Where(k => k != Htpasswd))
        {
            section.Invalid(kind, kind switch
            {
                "token" => "is not supported: the registry asks no token server; use htpasswd, or a proxy before it, and remove the section",
                "silly" => "is not supported: it lets in whoever says anything at all; use htpasswd and remove the section",
                _ => "is not a kind of login that the registry knows; use htpasswd",
            });
        }

        return kinds.Contains(Htpasswd) ? ReadHtpasswd(section.Child(Htpasswd)) : null;
    }

    private static HtpasswdConfiguration ReadHtpasswd(Section section)
    {
        var htpasswd = new HtpasswdConfiguration
        {
            Realm = section.RequiredText("realm", "say what clients log in to, such as registry"),
            Path = section.RequiredText("path", "name the file of names and bcrypt hashes"),
        };
        if (htpasswd.Realm.AsSpan().ContainsAnyExceptInRange(' ', '~') || htpasswd.Realm.AsSpan().ContainsAny('"', '\\'))
        {
            section.Invalid("realm", "must have printable ASCII characters only, and neither quotation marks nor backslashes");
        }

        section.End();
        return htpasswd;
    }
}
