using System.Security.Cryptography;
using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws;

/// <summary>
/// Keeps credentials that were found, so that not every check costs a call to STS. They are looked for again when the credentials file's
/// content changes (a Secret puts another folder behind the link that the file is reached through, so its times tell nothing), and now and
/// then in any case: a role that was deleted and made again does not take the sessions of the one before. What was not found is not kept.
/// </summary>
/// <param name="file">The credentials file that the environment names; null for none.</param>
/// <param name="find">Looks for credentials. Those that expire renew themselves.</param>
/// <param name="time">The clock.</param>
internal sealed class CredentialCache(string? file, Func<CancellationToken, Task<AWSCredentials>> find, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    // One at a time: many resources that are due together need one call, not one each.
    private readonly SemaphoreSlim _turn = new(1);
    private Found? _found;

    /// <exception cref="AmazonClientException">There are none.</exception>
    public async Task<AWSCredentials> GetAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            string content = Content();
            if (_found is { } found && found.Content == content && time.GetElapsedTime(found.At) < Longest)
            {
                return found.Credentials;
            }

            _found = null;
            long at = time.GetTimestamp();
            AWSCredentials credentials = await find(cancel);
            _found = new Found(credentials, content, at);
            return credentials;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Not the content itself: there is no need to keep keys in memory twice.
    private string Content()
    {
        try
        {
            return file is null ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that is not there yet is one of its states; what is wrong with one that is there is said by whoever reads it.
            return e.GetType().Name;
        }
    }

    private sealed record Found(AWSCredentials Credentials, string Content, long At);
}
