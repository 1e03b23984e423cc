using LocalRegistry.Registry.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class SharedAnswersTests
{
    private readonly SharedAnswers<int> _answers = new();
    private readonly List<TaskCompletionSource<int>> _asked = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_who_come_while_a_question_is_on_its_way_share_the_next()
    {
        Task<int> first = AskAsync();
        Task<int>[] later = [AskAsync(), AskAsync(), AskAsync()];
        Assert.Single(_asked);

        _asked[0].SetResult(1);

        Assert.Equal(1, await first);
        Assert.Equal(2, _asked.Count);
        Assert.All(later, task => Assert.False(task.IsCompleted));
        Task<int> last = AskAsync();
        _asked[1].SetResult(2);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(2, answer));
        _asked[2].SetResult(3);
        Assert.Equal(3, await last);
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Question_that_comes_alone_is_asked_at_once()
    {
        for (int i = 0; i < 3; i++)
        {
            Task<int> task = AskAsync();
            _asked[i].SetResult(i);
            Assert.Equal(i, await task);
        }
    }

    [Fact]
    public async Task Other_questions_do_not_wait()
    {
        Task<int> first = AskAsync();
        Task<int> other = AskAsync("other");

        _asked[1].SetResult(2);

        Assert.Equal(2, await other);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task Failure_is_told_to_those_who_waited_for_that_question_alone()
    {
        Task<int> first = AskAsync();
        Task<int>[] later = [AskAsync(), AskAsync()];

        _asked[0].SetException(new InvalidOperationException("first"));
        Assert.Equal("first", (await Assert.ThrowsAsync<InvalidOperationException>(() => first)).Message);
        Task<int> last = AskAsync();
        _asked[1].SetException(new InvalidOperationException("second"));
        foreach (Task<int> task in later)
        {
            Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(() => task)).Message);
        }

        _asked[2].SetResult(3);
        Assert.Equal(3, await last);
    }

    [Fact]
    public async Task Who_leaves_takes_no_answer_from_the_others()
    {
        using var leader = new CancellationTokenSource();
        using var follower = new CancellationTokenSource();
        Task<int> first = AskAsync(token: leader.Token);
        Task<int> leaving = AskAsync(token: follower.Token);
        Task<int> staying = AskAsync();

        await leader.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(2, _asked.Count);
        await follower.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        _asked[1].SetResult(2);
        Assert.Equal(2, await staying);
    }

    private Task<int> AskAsync(string key = "a", CancellationToken? token = null) => _answers.AskAsync(key, ask =>
    {
        var answer = new TaskCompletionSource<int>();
        _asked.Add(answer);
        return answer.Task.WaitAsync(ask);
    }, token ?? Token);
}
