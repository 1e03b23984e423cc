namespace LocalRegistry.Registry.Storage;

/// <summary>What lies in the store is not what its name promises; it is never served.</summary>
internal sealed class CorruptContentException(string message) : Exception(message);
