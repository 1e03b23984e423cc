using System.Text.Json;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Oci;

/// <summary>The parts of a manifest or an index that a registry has to understand (OCI image-spec, Image Manifest and Image Index; Docker schema 2).</summary>
internal sealed class ManifestDocument
{
    /// <summary>The largest manifest that is taken: 4 MiB, the least that the specification asks for.</summary>
    public const int MaximumSize = 4 * 1024 * 1024;

    /// <summary>The most descriptors that a pushed manifest may hold: each is looked for in the store.</summary>
    public const int MaximumDescriptors = 10_000;

    private const int MaximumDepth = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaximumDepth };

    private ManifestDocument(string mediaType, IReadOnlyList<Descriptor> content, Referral referral)
    {
        MediaType = mediaType;
        Content = content;
        Referral = referral;
    }

    /// <summary>The manifest's media type.</summary>
    public string MediaType { get; }

    /// <summary>The config and the layers of a manifest, or the manifests of an index.</summary>
    public IReadOnlyList<Descriptor> Content { get; }

    /// <summary>What it says of itself as a referrer.</summary>
    public Referral Referral { get; }

    /// <summary>Whether it is an index or a manifest list.</summary>
    public bool IsIndex => MediaTypes.IsIndex(MediaType);

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="contentType">The media type it was sent with; null takes the document's word.</param>
    /// <param name="problem">Why it is refused.</param>
    public static ManifestDocument? TryParse(ReadOnlyMemory<byte> json, string? contentType, out string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement, contentType, out problem);
        }
        catch (JsonException e)
        {
            problem = $"the manifest is not valid JSON, or is nested deeper than {MaximumDepth} levels, at line {e.LineNumber + 1}";
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser leaves the encoding of texts to whoever reads them.
            problem = "the manifest holds a text that is not Unicode";
            return null;
        }
    }

    private static ManifestDocument? Read(JsonElement root, string? contentType, out string problem)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problem = "the manifest must be a JSON object";
            return null;
        }

        if (!root.TryGetProperty("schemaVersion", out JsonElement version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out int number) || number != 2)
        {
            problem = "schemaVersion must be 2";
            return null;
        }

        bool hasList = root.TryGetProperty("manifests", out JsonElement manifests);
        bool hasLayers = root.TryGetProperty("layers", out JsonElement layers);
        bool hasConfig = root.TryGetProperty("config", out JsonElement config);
        string? declared = Text(root, "mediaType");
        string mediaType = declared ?? contentType ?? (hasList ? MediaTypes.OciIndex : MediaTypes.OciManifest);
        if (contentType is not null && contentType != mediaType)
        {
            problem = $"mediaType is {mediaType}, but the manifest was sent as {contentType}";
            return null;
        }

        var content = new List<Descriptor>();
        if (MediaTypes.IsIndex(mediaType) && !hasConfig && !hasLayers)
        {
            return ReadList(manifests, "manifests", content, out problem) ? new ManifestDocument(mediaType, content, Referral.Read(root)) : null;
        }

        if (MediaTypes.IsManifest(mediaType) && !hasList)
        {
            return ReadDescriptor(config, "config", content, out problem) && ReadList(layers, "layers", content, out problem)
                ? new ManifestDocument(mediaType, content, Referral.Read(root))
                : null;
        }

        problem = MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType)
            ? $"a manifest of type {mediaType} cannot hold both manifests and layers or config"
            : $"manifests of type {mediaType} are not supported";
        return null;
    }

    private static bool ReadList(JsonElement list, string name, List<Descriptor> content, out string problem)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            problem = $"{name} must be a list";
            return false;
        }

        int index = 0;
        foreach (JsonElement each in list.EnumerateArray())
        {
            if (!ReadDescriptor(each, $"{name}[{index++}]", content, out problem))
            {
                return false;
            }
        }

        problem = "";
        return true;
    }

    /// <summary>Reads a descriptor and adds it to others.</summary>
    internal static bool ReadDescriptor(JsonElement element, string name, List<Descriptor> content, out string problem)
    {
        problem = "";
        if (element.ValueKind != JsonValueKind.Object || Text(element, "mediaType") is not { Length: > 0 } mediaType)
        {
            problem = $"{name} must be a descriptor with a mediaType";
        }
        else if (!Digest.TryParse(Text(element, "digest"), out Digest digest))
        {
            problem = $"{name}.digest must be a sha256 or sha512 digest";
        }
        else if (!element.TryGetProperty("size", out JsonElement size) || size.ValueKind != JsonValueKind.Number
            || !size.TryGetInt64(out long bytes) || bytes < 0)
        {
            problem = $"{name}.size must be a size in bytes";
        }
        else
        {
            content.Add(new Descriptor(mediaType, digest, bytes, ReadUrls(element), ReadPlatform(element)));
        }

        return problem.Length == 0;
    }

    private static string[] ReadUrls(JsonElement element)
    {
        if (!element.TryGetProperty("urls", out JsonElement urls) || urls.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return urls.ValueKind != JsonValueKind.Array
            ? [""]
            : [.. urls.EnumerateArray().Select(url => url.ValueKind == JsonValueKind.String ? url.GetString()! : "")];
    }

    private static ImagePlatform? ReadPlatform(JsonElement element) =>
        element.TryGetProperty("platform", out JsonElement platform) && platform.ValueKind == JsonValueKind.Object
            ? new ImagePlatform(Text(platform, "architecture") ?? "", Text(platform, "os") ?? "")
            : null;

    /// <summary>A member that is a text; null if it is absent or something else.</summary>
    internal static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
