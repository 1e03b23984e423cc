using System.Security.Cryptography;
using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws;

/// <summary>
/// Keeps credentials that were found, so that not every check costs a call to STS. They are looked for again when the credentials file's
/// content changes (a Secret puts another folder behind the link that the file is reached through, so its times tell nothing), and now and
/// then in any case: a role that was deleted and made again does not take the sessions of the one before. That none were found is kept for a
/// moment: where the node's metadata service swallows packets, each search takes long, and many resources wait for it.
/// </summary>
/// <param name="file">The credentials file that the environment names; null for none.</param>
/// <param name="find">Looks for credentials. Those that expire renew themselves.</param>
/// <param name="time">The clock.</param>
internal sealed class CredentialCache(string? file, Func<CancellationToken, Task<AWSCredentials>> find, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan LongestFailure = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _life = new();
    private readonly Lock _lock = new();
    private Search? _search;

    /// <param name="cancel">Gives up waiting. The search goes on: many resources that are due together share one.</param>
    /// <exception cref="AmazonClientException">There are none.</exception>
    public Task<AWSCredentials> GetAsync(CancellationToken cancel)
    {
        string content = Content();
        lock (_lock)
        {
            if (_search is null || _search.Content != content || IsOver(_search))
            {
                CancellationToken life = _life.Token;
                _search = new Search(content, () => find(life), time);
            }

            return _search.Credentials.WaitAsync(cancel);
        }
    }

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    private bool IsOver(Search search) => search.Credentials is { IsCompleted: true } done
        && time.GetElapsedTime(search.EndedAt) >= (done.IsCompletedSuccessfully ? Longest : LongestFailure);

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

    private sealed class Search
    {
        public Search(string content, Func<Task<AWSCredentials>> find, TimeProvider time)
        {
            Content = content;
            Credentials = RunAsync(find, time);
        }

        public string Content { get; }

        public Task<AWSCredentials> Credentials { get; }

        // Written before the task ends and read after it.
        public long EndedAt { get; private set; }

        private async Task<AWSCredentials> RunAsync(Func<Task<AWSCredentials>> find, TimeProvider time)
        {
            try
            {
                // Some links of the SDK's chain block.
                return new OwnCredentials(await Task.Run(find));
            }
            catch (InvalidOperationException e)
            {
                throw OwnCredentials.None(e);
            }
            finally
            {
                EndedAt = time.GetTimestamp();
            }
        }
    }
}
