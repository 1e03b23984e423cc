using LocalRegistry.Benchmarks.Candidates;

namespace LocalRegistry.Benchmarks.Clients;

/// <summary>Pushes a blob with one POST and one PUT that carries all of it, as containerd does.</summary>
internal static class BlobPush
{
    /// <exception cref="CandidateException">The registry does not take it.</exception>
    public static void Push(HttpConnection connection, string repository, TestBlob blob)
    {
        byte[] post = HttpRequest.Post(connection.Server, $"/v2/{repository}/blobs/uploads/");
        Load.Check(connection.Ask(post), post);
        string location = connection.Header("location");
        string path = Uri.TryCreate(location, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttp ? uri.PathAndQuery : location;
        byte[] put = HttpRequest.Put(connection.Server, $"{path}{(path.Contains('?') ? '&' : '?')}digest={blob.Digest}", blob.Size);
        connection.Send(put);
        blob.Write(connection.Send);
        Load.Check(connection.Read(), put);
    }
}
