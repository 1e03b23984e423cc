namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What a key means to its user.</summary>
/// <param name="Path">The key; also a section, where there is something to say of it as a whole.</param>
/// <param name="Meaning">What it does, as Markdown without a full stop at its end.</param>
internal sealed record KeyText(string Path, string Meaning)
{
    /// <summary>What holds without the key, as it would be written, where the reader does not say it.</summary>
    public string? Default { get; init; }

    /// <summary>What holds without the key, in words (Markdown), where no one value does.</summary>
    public string? DefaultInWords { get; init; }

    /// <summary>What a text is, in words (Markdown), if it is not any one.</summary>
    public string? Values { get; init; }
}
