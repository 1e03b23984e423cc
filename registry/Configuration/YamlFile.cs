using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads the text of a configuration file.</summary>
internal static class YamlFile
{
    /// <param name="yaml">The text.</param>
    /// <param name="beginning">What the file begins with, for the message when it is no mapping.</param>
    /// <param name="problems">Where that is told.</param>
    /// <returns>The file's mapping; null if it is none.</returns>
    public static YamlMappingNode? Parse(string yaml, string beginning, ProblemList problems)
    {
        try
        {
            IList<YamlDocument> documents = Load(yaml);
            if (documents is [{ RootNode: YamlMappingNode root }])
            {
                return root;
            }

            problems.Error("", documents.Count > 1 ? 1 : null, $"must be one YAML document that is a mapping, beginning with {beginning}");
        }
        catch (YamlException e)
        {
            problems.Error("", Math.Max(1, (int)e.Start.Line), $"is not valid YAML: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // The library's scanner gives up so, without a place, where a line in braces begins at the margin.
            problems.Error("", null, "is not valid YAML: a line within {} or [] must be indented");
        }

        return null;
    }

    /// <summary>Reads the documents of a text.</summary>
    /// <exception cref="YamlException">It is no YAML, or nested deeper than any configuration.</exception>
    public static IList<YamlDocument> Load(string yaml)
    {
        var stream = new YamlStream();
        var parser = new GuardedParser(new Parser(new StringReader(yaml)));
        try
        {
            stream.Load(parser);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The scanner throws the one where a bracket is not closed before the next key, the reader of nodes the other where a key is missing.
            Mark last = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(last, last, "a bracket that is opened is not closed, or a key is missing or stands where none may", e);
        }

        return stream.Documents;
    }
}
