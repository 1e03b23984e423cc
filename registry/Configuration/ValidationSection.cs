using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>validation</c>.</summary>
internal static class ValidationSection
{
    public static ValidationConfiguration Read(Section section)
    {
        bool exists = section.Exists;
        bool disabled = section.Flag("disabled", false);
        Section manifests = section.Child("manifests");
        Section urls = manifests.Child("urls");
        var rules = new UrlRules(Expressions(urls, "allow"), Expressions(urls, "deny"));
        urls.End();
        Section indexes = manifests.Child("indexes");
        IndexCheck check = indexes.Choice("platforms", IndexCheck.All, ("all", IndexCheck.All), ("none", IndexCheck.None), ("list", IndexCheck.List));
        List<ImagePlatform> platforms = Platforms(indexes);
        if (check == IndexCheck.List && platforms.Count == 0)
        {
            indexes.Invalid("platforms", "is list, and platformlist names no platform: add one, such as {architecture: amd64, os: linux}");
        }

        indexes.End();
        manifests.End();
        section.Unsupported("enabled", "is an older name that Docker's registry has given up; write disabled, which says the contrary");
        section.End();
        return disabled
            ? new ValidationConfiguration { NeedsBlobs = false, Indexes = IndexCheck.None }
            : new ValidationConfiguration { Indexes = check, Platforms = platforms, Urls = exists ? rules : null };
    }

    // The texts that they are tried on are strangers': an expression must not be able to take more than linear time.
    private static List<Regex> Expressions(Section section, string key)
    {
        var expressions = new List<Regex>();
        foreach (string text in section.TextList(key) ?? [])
        {
            try
            {
                expressions.Add(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            }
            catch (ArgumentException e)
            {
                section.Invalid(key, $"has \"{text}\", which is not a regular expression: {e.Message}");
            }
            catch (NotSupportedException)
            {
                section.Invalid(key, $"has \"{text}\", which is too large, or looks around or back: expressions are tried in linear time");
            }
        }

        return expressions;
    }

    private static List<ImagePlatform> Platforms(Section section)
    {
        var platforms = new List<ImagePlatform>();
        foreach (Section each in section.Children("platformlist"))
        {
            platforms.Add(new ImagePlatform(
                each.RequiredText("architecture", "name the processor's architecture, such as amd64"),
                each.RequiredText("os", "name the operating system, such as linux")));
            each.End();
        }

        return platforms;
    }
}
