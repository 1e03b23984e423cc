namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>An object that was begun in parts and neither completed nor taken back.</summary>
/// <param name="Key">The key that it would have, or a name of its own in the same folder.</param>
/// <param name="Id">The store's own name of the construction.</param>
/// <param name="Begun">When it was begun.</param>
internal sealed record UnfinishedObject(string Key, string Id, DateTimeOffset Begun);
