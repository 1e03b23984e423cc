using System.Collections.Concurrent;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>
/// Checks what the registry's identity may do, by asking IAM with the operator's own. What was asked is kept until it is due again: at the
/// resource's interval once all holds, sooner while something stands in the way, and at once when the identity is another, or something else that
/// the answer depends on. Judging is free, so a new report of the preflight counts at once, without a call.
/// </summary>
internal sealed class AccessValidation(IIamReader reader, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Memory> _memories = new();

    /// <param name="context">The resource.</param>
    /// <param name="report">What the preflight found; null while none has ended.</param>
    /// <param name="bucket">What is known of the bucket; null if nothing was asked.</param>
    /// <param name="interval">How often to ask while all is well.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<AccessAnswer> RunAsync(CheckContext context, CheckReport? report, BucketFacts? bucket, TimeSpan interval, CancellationToken cancel)
    {
        var unasked = new AccessFacts { Report = report, HasIam = context.IsAws || reader.HasOwnEndpoint };
        bool asksExcess = IsOn(AccessChecks.Excess, context);
        if (!unasked.HasIam || !(asksExcess || IsOn(AccessChecks.Permissions, context))
            || AccessQuestion.Of(context, report, bucket, asksExcess) is not { } question)
        {
            return new AccessAnswer(unasked, Judge(unasked, context), null, DateTimeOffset.MaxValue);
        }

        Memory? memory = _memories.GetValueOrDefault(context.Owner.Uid);
        if (memory is null || memory.Question != question)
        {
            memory = await AskAsync(context, question, report, 0, cancel);
        }
        else if (time.GetUtcNow() >= Due(memory, context, report, interval))
        {
            memory = await AskAsync(context, question, report, memory.Failures, cancel);
        }

        AccessFacts facts = memory.Facts with { Report = report };
        return new AccessAnswer(facts, Judge(facts, context), memory.AskedAt, Due(memory, context, report, interval));
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid) => _memories.TryRemove(uid, out _);

    private async Task<Memory> AskAsync(CheckContext context, AccessQuestion question, CheckReport? report, int failures, CancellationToken cancel)
    {
        AccessFacts facts = await AccessReading.ReadAsync(reader, question, cancel);
        int counted = Blocks(facts, context, report) ? failures + 1 : 0;
        return _memories[context.Owner.Uid] = new Memory(question, facts, time.GetUtcNow(), counted);
    }

    private static DateTimeOffset Due(Memory memory, CheckContext context, CheckReport? report, TimeSpan interval) => Repetition.Due(
        context.Owner.Uid, memory.AskedAt, interval, Blocks(memory.Facts, context, report) ? Math.Max(memory.Failures, 1) : 0);

    // Who the registry is comes from the preflight: asking IAM again would not change it.
    private static bool Blocks(AccessFacts facts, CheckContext context, CheckReport? report) =>
        Severities.Judge([AccessChecks.Permissions, AccessChecks.Excess], facts with { Report = report }, context).Any(finding => finding.Blocks);

    private static bool IsOn(ICheck<AccessFacts> check, CheckContext context) => Severities.Of(check.Definition, context.Spec) != Severity.Off;

    private static IReadOnlyList<Finding> Judge(AccessFacts facts, CheckContext context) => Severities.Judge(AccessChecks.All, facts, context);

    private sealed record Memory(AccessQuestion Question, AccessFacts Facts, DateTimeOffset AskedAt, int Failures);
}
