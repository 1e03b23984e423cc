using System.Collections.Concurrent;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Checks a bucket with the operator's own identity. What was read is kept until it is due again: at the resource's interval once all holds,
/// sooner while something stands in the way, and at once when the configuration names another bucket or key. Judging is free, so a change of what
/// is asked for takes effect at once, without a call.
/// </summary>
internal sealed class BucketValidation(IBucketReader reader, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Memory> _memories = new();

    /// <param name="context">The resource.</param>
    /// <param name="interval">How often to read while all is well.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<BucketAnswer> RunAsync(CheckContext context, TimeSpan interval, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (BucketChecks.All.All(c => Severities.Of(c.Definition, context.Spec) == Severity.Off))
        {
            return new BucketAnswer(null, [], null, DateTimeOffset.MaxValue);
        }

        string? owner = context.Spec.Validation.ExpectedBucketOwner;
        Memory? memory = _memories.GetValueOrDefault(context.Owner.Uid);
        if (memory is null || memory.Driver != context.Driver || memory.ExpectedOwner != owner)
        {
            memory = await ReadAsync(context, 0, cancel);
        }
        else if (now >= Due(memory, context, interval))
        {
            memory = await ReadAsync(context, memory.Failures, cancel);
        }

        return new BucketAnswer(memory.Facts, Judge(memory.Facts, context), memory.ReadAt, Due(memory, context, interval));
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid) => _memories.TryRemove(uid, out _);

    private async Task<Memory> ReadAsync(CheckContext context, int failures, CancellationToken cancel)
    {
        string? owner = context.Spec.Validation.ExpectedBucketOwner;
        BucketFacts facts = await reader.ReadAsync(context.Driver, owner, cancel);
        bool blocks = Judge(facts, context).Any(f => f.Blocks);
        return _memories[context.Owner.Uid] = new Memory(context.Driver, owner, facts, time.GetUtcNow(), blocks ? failures + 1 : 0);
    }

    private static DateTimeOffset Due(Memory memory, CheckContext context, TimeSpan interval)
    {
        // What blocks may have changed with the resource since it was read.
        bool blocks = Judge(memory.Facts, context).Any(f => f.Blocks);
        return Repetition.Due(context.Owner.Uid, memory.ReadAt, interval, blocks ? Math.Max(memory.Failures, 1) : 0);
    }

    private static IReadOnlyList<Finding> Judge(BucketFacts facts, CheckContext context) => Severities.Judge(BucketChecks.All, facts, context);

    private sealed record Memory(S3Driver Driver, string? ExpectedOwner, BucketFacts Facts, DateTimeOffset ReadAt, int Failures);
}
