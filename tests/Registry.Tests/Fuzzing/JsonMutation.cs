using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Valid JSON documents with a few of their members replaced, repeated, renamed, moved or taken away.</summary>
internal static class JsonMutation
{
    private const string Raw = "@raw:";
    private const string Twice = "@twice:";

    // What stands in the place of a value, as it is written.
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "2.0", "2e0", "1e999", "-0", "1.5", "9223372036854775807", "9223372036854775808", "99999999999999999999999999999999", "\"\"", "\"2\"", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\u00e9\U0001F600\"", "[]", "{}", "[null]", "[[]]", "{\"a\":{\"a\":{}}}", "[{}]", "{\"\":\"\"}", "[1,2", "nul", "01", "\"open", "// c\n1", "1,",
        new string('[', 40) + new string(']', 40), new string('[', 5000), $"\"{new string('x', 5000)}\"",
    ];

    /// <summary>Mutated documents as bytes, some of them no JSON or no UTF-8.</summary>
    /// <param name="documents">Valid ones.</param>
    public static Gen<byte[]> Of(params string[] documents) => Texts.MutatedBytes(Structured(documents)).Select(
        Gen.Select(Structured(documents), Gen.Const(0)), Gen.Frequency((4, true), (1, false)), (broken, whole, isWhole) => isWhole ? Encoding.UTF8.GetBytes(whole.Item1) : broken);

    private static Gen<string> Structured(string[] documents) => Gen.Select(
        Gen.OneOf(documents),
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 10_000], Gen.Int[0, Values.Length - 1]).Array[0, 4],
        (document, changes) =>
        {
            JsonNode root = JsonNode.Parse(document)!;
            foreach ((int kind, int at, int value) in changes)
            {
                Change(root, kind, at, value);
            }

            string text = root.ToJsonString();
            for (int i = 0; i < Values.Length; i++)
            {
                text = text.Replace($"\"{Raw}{i}\"", Values[i], StringComparison.Ordinal);
            }

            return text.Replace(Twice, "", StringComparison.Ordinal);
        });

    private static void Change(JsonNode root, int kind, int at, int value)
    {
        JsonNode[] all = [.. All(root)];
        JsonObject[] objects = [.. all.OfType<JsonObject>().Where(o => o.Count > 0)];
        JsonArray[] arrays = [.. all.OfType<JsonArray>()];
        if (objects.Length == 0)
        {
            return;
        }

        JsonObject holder = objects[at % objects.Length];
        string key = holder.ElementAt((at / 7) % holder.Count).Key;
        switch (kind)
        {
            case 0:
                holder[key] = $"{Raw}{value}";
                break;
            case 1:
                holder.Remove(key);
                break;
            case 2:
                holder[Twice + key] = $"{Raw}{value}";
                break;
            case 3 when arrays.Length > 0:
                arrays[at % arrays.Length].Add($"{Raw}{value}");
                break;
            case 4 when arrays.Length > 0 && arrays[at % arrays.Length] is { Count: > 0 } list:
                list.Add(list[0]?.DeepClone());
                break;
            default:
                holder[key] = all[(at / 3) % all.Length].DeepClone();
                break;
        }
    }

    private static IEnumerable<JsonNode> All(JsonNode? node) => node is null ? [] : (node switch
    {
        JsonObject members => members.SelectMany(m => All(m.Value)),
        JsonArray items => items.SelectMany(All),
        _ => [],
    }).Prepend(node);
}
