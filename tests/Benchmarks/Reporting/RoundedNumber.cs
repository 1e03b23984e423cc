using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>Writes no more digits than a measurement has.</summary>
internal sealed class RoundedNumber : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(decimal.Parse(value.ToString("G4", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture));
}
