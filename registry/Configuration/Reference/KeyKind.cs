namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What stands at a key of the configuration.</summary>
internal enum KeyKind
{
    /// <summary>A mapping of further keys.</summary>
    Section,

    /// <summary>A list of such mappings.</summary>
    Sections,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A duration as Go writes them.</summary>
    Duration,

    /// <summary>One of a closed set of words.</summary>
    Choice,

    /// <summary>A list of texts.</summary>
    TextList,

    /// <summary>Texts by names that the user chooses.</summary>
    Texts,

    /// <summary>Lists of texts by names that the user chooses.</summary>
    TextLists,

    /// <summary>Nothing: the key is refused by name.</summary>
    Refused,
}
