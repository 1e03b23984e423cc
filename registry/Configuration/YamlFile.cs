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
            problems.Error("", (int)e.Start.Line, $"is not valid YAML: {e.Message}");
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
        stream.Load(new GuardedParser(new Parser(new StringReader(yaml))));
        return stream.Documents;
    }
}
