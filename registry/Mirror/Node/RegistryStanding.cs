namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>How the node's registry stands to the mirrored hosts.</summary>
internal enum RegistryStanding
{
    /// <summary>It answers for every one of them.</summary>
    StandsIn,

    /// <summary>It answers, and does not know all of them: it runs by another <c>mirrors.yml</c>, or without any.</summary>
    Otherwise,

    /// <summary>It does not answer, or cannot tell now.</summary>
    Silent,
}
