using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Registry.Checks;

/// <summary>Makes calls to S3 and writes down how each ended.</summary>
internal sealed class S3CallLog(S3Driver driver)
{
    // Most of a store that stalls is known after this; whoever waits for the answer waits for it in front of a rollout.
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(20);

    private readonly List<CheckResult> _results = [];

    public IReadOnlyList<CheckResult> Results => _results;

    public void Add(CheckResult result) => _results.Add(result);

    /// <summary>Makes a call; says whether it ended well.</summary>
    /// <param name="check">What the call is, and needs. Its outcome is Passed until the call says otherwise.</param>
    /// <param name="call">Makes it and says what was seen.</param>
    /// <param name="cancellationToken">Gives up, which leaves the outcome unknown.</param>
    public async Task<bool> RunAsync(CheckResult check, Func<CheckResult, CancellationToken, Task<CheckResult>> call, CancellationToken cancellationToken)
    {
        CheckResult result;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(CallDeadline);
        try
        {
            result = await call(check, deadline.Token);
        }
        catch (AmazonS3Exception e)
        {
            result = check with { Outcome = S3Answer.OutcomeOf(e), Message = S3Answer.Explain(e, driver, check.Action!, check.Resource!) };
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            result = check with { Outcome = CheckOutcome.Unknown, Message = S3Answer.Unanswered(e, driver) };
        }

        _results.Add(result);
        return result.Outcome is CheckOutcome.Passed or CheckOutcome.Skipped;
    }
}
