using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>Opens content, or a range of it, in the store; null if there is none.</summary>
internal delegate Task<ObjectContent?> DirectOpening(Digest digest, ByteRange? range, CancellationToken cancellationToken);
