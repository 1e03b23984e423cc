using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace LocalRegistry.Operator.Grants;

/// <summary>Writes a template as YAML, its keys in the order in which they were added.</summary>
internal static class TemplateYaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .WithIndentedSequences()
        .WithNewLine("\n")
        .DisableAliases()
        .WithEventEmitter(next => new Styles(next))
        .Build();

    public static string Write(JsonNode template) => Serializer.Serialize(Graph(template));

    private static object Graph(JsonNode? node) => node switch
    {
        JsonObject o => o.ToDictionary(p => p.Key, p => Graph(p.Value)),
        JsonArray a => a.Select(Graph).ToList(),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonValue v when v.GetValueKind() is JsonValueKind.True or JsonValueKind.False => v.GetValue<bool>(),
        JsonValue v => v.GetValue<int>(),
        _ => throw new ArgumentOutOfRangeException(nameof(node), "a template holds no null"),
    };

    private sealed class Styles(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source.Value is string text)
            {
                // "2012-10-17" names a version, but readers of YAML 1.1 make a date of it.
                eventInfo.Style = DateOnly.TryParseExact(text, "yyyy-MM-dd", out _) ? ScalarStyle.DoubleQuoted
                    : text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
                    : eventInfo.Style;
            }

            base.Emit(eventInfo, emitter);
        }
    }
}
