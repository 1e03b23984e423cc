using System.Text;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Serialization;
using Tomlyn.Syntax;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Reads and writes TOML without reflection. The order of tables and keys is kept, comments are not.</summary>
internal static class Toml
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file's content as strictly as Go's readers do: nothing twice.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="table">The values; null if the content is no TOML.</param>
    /// <param name="headers">The headers of its tables in their order, each as its keys.</param>
    /// <returns>Null, or what is wrong with it and in which line.</returns>
    public static string? Read(byte[] content, out TomlTable? table, out IReadOnlyList<IReadOnlyList<string>> headers)
    {
        (table, headers) = (null, []);
        try
        {
            string text = Utf8.GetString(content);
            DocumentSyntax document = SyntaxParser.Parse(text, validate: true);
            if (document.HasErrors)
            {
                DiagnosticMessage first = document.Diagnostics.First(d => d.Kind == DiagnosticMessageKind.Error);
                return $"line {first.Span.Start.Line + 1}: {first.Message.ReplaceLineEndings(" ")}";
            }

            headers = [.. document.Tables.OfType<TableSyntax>().Select(t => KeysOf(t.Name!))];
            table = TomlSerializer.Deserialize(text, TomlModel.Default.TomlTable)!;
            return null;
        }
        catch (Exception e) when (e is TomlException or ArgumentException)
        {
            // Bytes that are no UTF-8, and an escape at the very end of the text, are told as arguments that are wrong.
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    /// <summary>Writes a table.</summary>
    public static string Write(TomlTable table) => TomlSerializer.Serialize(table, TomlModel.Default.TomlTable);

    /// <summary>A table's table of that name; null if there is none.</summary>
    public static TomlTable? Table(TomlTable? table, string key) => Value(table, key) as TomlTable;

    /// <summary>A table's value of that name; null if there is none.</summary>
    public static object? Value(TomlTable? table, string key) => table is not null && table.TryGetValue(key, out object? value) ? value : null;

    private static List<string> KeysOf(KeySyntax name)
    {
        var keys = new List<string> { TextOf(name.Key) };
        foreach (DottedKeyItemSyntax item in name.DotKeys)
        {
            keys.Add(TextOf(item.Key));
        }

        return keys;
    }

    private static string TextOf(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax quoted => quoted.Value ?? "",
        _ => "",
    };
}

/// <summary>The serializer's code, written at compile time.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class TomlModel : TomlSerializerContext;
