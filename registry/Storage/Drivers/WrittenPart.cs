namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>A part of an object under construction that the store has.</summary>
/// <param name="Number">Its number, by which parts are joined; from 1, with or without gaps.</param>
/// <param name="Tag">
/// The store's name of exactly the bytes that were written as that part. A part that was written again has another, and completing with the former fails.
/// </param>
/// <param name="Size">How many bytes it has.</param>
internal sealed record WrittenPart(int Number, string Tag, long Size);
