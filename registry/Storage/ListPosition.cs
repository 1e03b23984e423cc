namespace LocalRegistry.Registry.Storage;

/// <summary>
/// The place in a list after which a page begins (the parameter <c>last</c>). It need not be the name of anything. What a client says is reduced
/// to printable ASCII of bounded length that lies at the same place among all names there can be.
/// </summary>
/// <param name="Value">The text; empty for the beginning.</param>
internal readonly record struct ListPosition(string Value)
{
    // No name is longer (RepositoryName.MaximumLength), so what stands behind it decides nothing.
    private const int MaximumLength = 255;

    // The character after the slash: a name and this come after all that lies below the name.
    private const char AfterSlash = '0';

    /// <summary>Before everything.</summary>
    public static readonly ListPosition Beginning = new("");

    /// <summary>Reads a position; every text is one.</summary>
    public static ListPosition Parse(string? text)
    {
        text = text is { Length: > MaximumLength } ? text[..MaximumLength] : text ?? "";
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                // Names have no character below, so each that goes on from here comes after.
                case < '!':
                    return new ListPosition(text[..i]);

                // Names have no character as high, so each that goes on from here comes before.
                case > '~':
                    return new ListPosition($"{text[..i]}~");
            }
        }

        return new ListPosition(text);
    }

    /// <summary>
    /// After which text a folder's names have to be listed to find those after this place, and no others but such as the place begins with. If it
    /// lies below one of the folder's names, that name is not among them.
    /// </summary>
    public string InFolder => Value.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? $"{Value[..slash]}{AfterSlash}" : Value;

    /// <summary>Whether a name comes after this place in lexical order.</summary>
    public bool IsBefore(string name) => string.CompareOrdinal(name, Value) > 0;
}
