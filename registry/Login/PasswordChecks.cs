using System.Security.Cryptography;
using System.Text;

namespace LocalRegistry.Registry.Login;

/// <summary>
/// Checks passwords against bcrypt hashes, which takes a tenth of a second of a processor on purpose. So those that were right are remembered for a
/// while, as a keyed hash that says nothing outside of this process, and only so many are looked at at once that the processors have room for more.
/// </summary>
internal sealed class PasswordChecks(TimeProvider time) : IDisposable
{
    /// <summary>How long a right password is remembered. A change of the file counts at once, since the user's hash is part of what is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    /// <summary>The most that are remembered.</summary>
    private const int MaximumRemembered = 1000;

    /// <summary>The most that wait: about ten seconds' work of one processor.</summary>
    private const int MaximumWaiting = 100;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly Dictionary<string, long> _right = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _working = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;
    private int _verifications;

    /// <summary>How many passwords were put to bcrypt.</summary>
    public int Verifications => _verifications;

    /// <summary>Checks a password.</summary>
    /// <param name="users">The users as they are now.</param>
    /// <param name="user">The name that was given.</param>
    /// <param name="password">The password that was given.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<PasswordVerdict> RunAsync(HtpasswdUsers users, string user, string password, CancellationToken cancellationToken)
    {
        string hash = users.HashOf(user, out bool isKnown);
        string remembered = Mark(user, hash, password);
        if (IsRemembered(remembered))
        {
            return PasswordVerdict.Right;
        }

        if (Interlocked.Increment(ref _waiting) > MaximumWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return PasswordVerdict.Busy;
        }

        try
        {
            await _working.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // A client's first requests come at once: the one before this may have been of the same.
            if (IsRemembered(remembered))
            {
                return PasswordVerdict.Right;
            }

            Interlocked.Increment(ref _verifications);
            if (!BCrypt.Net.BCrypt.Verify(password, hash) || !isKnown)
            {
                return PasswordVerdict.Wrong;
            }

            Remember(remembered);
            return PasswordVerdict.Right;
        }
        finally
        {
            _working.Release();
        }
    }

    public void Dispose() => _working.Dispose();

    private string Mark(string user, string hash, string password) =>
        Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user}\0{hash}\0{password}")));

    private bool IsRemembered(string mark)
    {
        lock (_lock)
        {
            return _right.TryGetValue(mark, out long since) && time.GetElapsedTime(since) < Remembered;
        }
    }

    private void Remember(string mark)
    {
        lock (_lock)
        {
            if (_right.Count >= MaximumRemembered)
            {
                foreach (string old in _right.Where(r => time.GetElapsedTime(r.Value) >= Remembered).Select(r => r.Key).ToArray())
                {
                    _right.Remove(old);
                }
            }

            // Nobody has so many users and passwords: forgetting all costs each of them one more check.
            if (_right.Count >= MaximumRemembered)
            {
                _right.Clear();
            }

            _right[mark] = time.GetTimestamp();
        }
    }
}
