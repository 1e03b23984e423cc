using System.Collections.Concurrent;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// Asks whether the bucket encrypts, with the operator's own identity. The answer is kept until it is due again: at the resource's interval
/// once it holds, sooner while it does not, and at once when the configuration names another bucket or key.
/// </summary>
internal sealed class BucketEncryptionCheck(IBucketInspector inspector, TimeProvider time)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Memory> _memories = new();

    /// <param name="uid">The resource that asks.</param>
    /// <param name="driver">The bucket and what is written to it.</param>
    /// <param name="interval">How often to ask while all is well.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<BucketAnswer> RunAsync(string uid, S3Driver driver, TimeSpan interval, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Memory? memory = _memories.GetValueOrDefault(uid);
        if (memory?.Driver != driver)
        {
            memory = null;
        }
        else if (now < memory.Answer.Due && memory.Interval == interval)
        {
            return memory.Answer;
        }

        BucketState state = await inspector.ReadEncryptionAsync(driver, cancel);
        CheckAnswer decision = EncryptionDecision.Decide(driver, state);
        int failures = decision.Passed ? 0 : (memory?.Failures ?? 0) + 1;
        DateTimeOffset due = decision.Passed
            ? Jitter.Due(uid, now, interval)
            : now + Backoff.After(failures, FirstRetry, interval < LastRetry ? interval : LastRetry);
        var answer = new BucketAnswer(decision, Describe(driver, state), now, due);
        _memories[uid] = new Memory(driver, interval, answer, failures);
        return answer;
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid) => _memories.TryRemove(uid, out _);

    private static BucketStatus Describe(S3Driver driver, BucketState state) => new()
    {
        Name = driver.Bucket,
        Region = driver.Region,
        Encryption = state is BucketState.Found found ? found.Encryption?.Algorithm ?? "None" : null,
    };

    private sealed record Memory(S3Driver Driver, TimeSpan Interval, BucketAnswer Answer, int Failures);
}
