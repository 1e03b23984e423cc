using System.Collections.Concurrent;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>
/// Each fault at each call of S3 that a push or a pull makes. What can be tried again must succeed; what cannot must fail as a client understands;
/// and in S3 there is never anything wrong, nor in the way of the next try.
/// </summary>
public sealed class FaultTests(S3Fixture s3)
{
    private const string Tag = "v1";
    private const int Forever = int.MaxValue;
    private const int MaximumTries = 5;

    /// <summary>What goes wrong, how many times in a row, and whether the registry gets over it.</summary>
    private static readonly (Fault Fault, int Times, bool IsSurvived)[] Faults =
    [
        (Fault.SlowDown, 1, true),
        (Fault.SlowDown, 3, true),
        (Fault.SlowDown, Forever, false),
        (Fault.InternalError, 1, true),
        (Fault.TimeTooSkewed, Forever, false),
        (Fault.ErrorWithStatus200, 1, true),
        (Fault.ErrorWithStatus200, Forever, false),
        (Fault.ResetBeforeAnswer, 1, true),
        (Fault.ResetBeforeAnswer, Forever, false),
        (Fault.ResetInRequest, 1, true),
        (Fault.ResetInAnswer, 1, true),
        (Fault.ResetInAnswer, Forever, false),
        (Fault.AnswerLost, 1, true),
        (Fault.AnswerLost, Forever, false),
        (Fault.Stall, 1, true),
        (Fault.Stall, Forever, false),
        (Fault.StallInRequest, 1, true),
        (Fault.StallInAnswer, 1, true),
        (Fault.StallInAnswer, Forever, false),
        (Fault.Truncated, 1, true),
        (Fault.ChunksCut, 1, true),
        (Fault.ShortBody, 1, true),
        (Fault.SlowFirstByte, 1, true),
        (Fault.Altered, 1, false),
    ];

    /// <summary>Where waiting is what is tested, it is short; a call that a busy machine makes slow is tried again.</summary>
    private static readonly S3Timeouts Short = new()
    {
        Stall = TimeSpan.FromSeconds(2.5),
        ReadAnswer = TimeSpan.FromSeconds(2.5),
        WriteAnswer = TimeSpan.FromSeconds(2.5),
        Read = TimeSpan.FromSeconds(20),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Push_of_small_blobs_and_a_tag_survives_or_fails_cleanly() =>
        PushAsync(new FaultImage([TestContent.Bytes(500, 1), TestContent.Bytes(3000, 2)]), concurrency: 32);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Push_of_a_blob_in_parts_survives_or_fails_cleanly(bool inChunks) =>
        PushAsync(new FaultImage([TestContent.Bytes(S3Driver.MinimumChunkSize + 100_000, 3)], inChunks, HasManifest: false), concurrency: 16);

    [Fact]
    public async Task Pull_survives_or_fails_cleanly()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        var image = new FaultImage([TestContent.Bytes(500, 1), TestContent.Bytes(900_000, 4)]);
        await using (FaultBed whole = await FaultBed.StartAsync(s3, bucket, "pull", null, Token))
        {
            Assert.Equal(Progress.Done, await whole.Client.PushAsync(image, Tag, Token));
        }

        await RunAsync(concurrency: 32, async rule =>
        {
            await using FaultBed bed = await FaultBed.StartAsync(s3, bucket, "pull", TimeoutsFor(rule), Token);
            bed.Proxy.Rule = rule;
            var run = new Run(bed.Proxy, await bed.Client.PullAsync(image, Tag, Token));
            bed.Proxy.Rule = null;
            if (rule is not null)
            {
                await run.ExpectAsync("pull again", () => bed.Client.PullAsync(image, Tag, Token));
            }

            return run;
        });
    }

    private async Task PushAsync(FaultImage image, int concurrency)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        await RunAsync(concurrency, async rule =>
        {
            string root = Guid.NewGuid().ToString();
            await using FaultBed bed = await FaultBed.StartAsync(s3, bucket, root, TimeoutsFor(rule), Token);
            bed.Proxy.Rule = rule;
            var run = new Run(bed.Proxy, await bed.Client.PushAsync(image, Tag, Token));
            bed.Proxy.Rule = null;
            var state = new BucketState(s3, bucket, root);
            if (!run.Progress.IsDone)
            {
                run.Problems.AddRange(await state.ProblemsAsync(Token));
                await run.ExpectAsync("push again", () => bed.Client.PushAsync(image, Tag, Token));
            }

            run.Problems.AddRange(await state.ProblemsAsync(Token));
            await run.ExpectAsync("pull", () => bed.Client.PullAsync(image, Tag, Token));
            return run;
        });
    }

    private static S3Timeouts? TimeoutsFor(FaultRule? rule) => rule?.Fault is Fault.Stall or Fault.StallInRequest or Fault.StallInAnswer ? Short : null;

    private static bool CanMeet(Fault fault, S3Call call) => fault switch
    {
        Fault.ErrorWithStatus200 => call.Action is "CompleteMultipartUpload" or "CopyObject",
        Fault.ResetInRequest or Fault.StallInRequest => call.HasRequestBody,
        Fault.ResetInAnswer or Fault.StallInAnswer or Fault.Truncated or Fault.ChunksCut or Fault.Altered => call.HasResponseBody,
        Fault.ShortBody => call.Action == "GetObject",
        _ => true,
    };

    private static async Task RunAsync(int concurrency, Func<FaultRule?, Task<Run>> run)
    {
        Run clean = await run(null);
        Assert.Equal(Progress.Done, clean.Progress);
        Assert.Empty(clean.Problems);
        (FaultRule Rule, bool IsSurvived)[] cases =
        [
            .. from each in Faults
               from call in clean.Calls
               where CanMeet(each.Fault, call.Call)
               select (new FaultRule(each.Fault, call.Call, call.Time, each.Times), each.IsSurvived),
        ];
        var failures = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = Token };
        await Parallel.ForEachAsync(cases, options, async (each, _) =>
        {
            Run ended = await run(each.Rule);
            if (ended.Hits == 0)
            {
                failures.Add($"{each.Rule} met nothing");
            }
            else if (!ended.Progress.IsProper || (each.IsSurvived ? !ended.Progress.IsDone : !IsExpected(each.Rule, ended.Progress)))
            {
                failures.Add($"{each.Rule} ended as: {ended.Progress}");
            }

            foreach (string problem in ended.Problems)
            {
                failures.Add($"{each.Rule} left behind: {problem}");
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} failures in {cases.Length} cases:\n{string.Join('\n', failures.Order())}");
    }

    // A client can try again after 503; nothing that was lost for a while may be called unknown, denied or the client's mistake. The answer to a HEAD
    // has no body, so it does not tell clocks that differ from keys that are wrong.
    private static bool IsExpected(FaultRule rule, Progress progress) =>
        progress.IsDone || progress is { Status: 200, Message: "cut" } || progress.Status == rule.Fault switch
        {
            Fault.Altered when rule.Call.Action == "GetObject" => 500,
            Fault.TimeTooSkewed when rule.Call.Action == "HeadObject" => 403,
            _ => 503,
        };

    private sealed class Run(FaultProxy proxy, Progress progress)
    {
        public Progress Progress => progress;

        /// <summary>The calls that were made until then.</summary>
        public IReadOnlyList<(S3Call Call, int Time)> Calls { get; } = proxy.Calls;

        /// <summary>How many of them the rule met.</summary>
        public int Hits { get; } = proxy.Hits;

        /// <summary>What was wrong afterwards.</summary>
        public List<string> Problems { get; } = [];

        /// <summary>Has a client do something, which must succeed; 503 means that the machine is busy, and the client tries again as it says.</summary>
        public async Task ExpectAsync(string what, Func<Task<Progress>> act)
        {
            Progress last = await act();
            for (int tries = 1; last.Status == 503 && tries < MaximumTries; tries++)
            {
                last = await act();
            }

            if (!last.IsDone)
            {
                Problems.Add($"{what}: {last}");
            }
        }
    }
}
