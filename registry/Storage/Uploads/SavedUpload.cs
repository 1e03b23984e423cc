namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>A state of an upload as it was found in the store.</summary>
/// <param name="Number">How many states there were before it. The next is written only if nobody else has written one.</param>
/// <param name="State">The state.</param>
internal sealed record SavedUpload(int Number, UploadState State);
