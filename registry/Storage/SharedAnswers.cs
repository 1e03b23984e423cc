namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Lets those who ask the same question at the same time share an answer. Nobody gets one that was asked for before he came, since what he wrote
/// himself before he asked must be in it: those who come while a question is on its way wait for the next, which they share.
/// </summary>
internal sealed class SharedAnswers<T>
{
    private readonly Dictionary<string, Question> _questions = new(StringComparer.Ordinal);

    /// <summary>Asks, or has somebody else ask later on.</summary>
    /// <param name="key">Says which questions are the same.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="cancellationToken">Ends the wait; a question that others wait for too goes on.</param>
    public Task<T> AskAsync(string key, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        Question question;
        lock (_questions)
        {
            if (_questions.TryGetValue(key, out Question? before))
            {
                return (before.Next ??= new Following(ask)).Answer.WaitAsync(cancellationToken);
            }

            _questions.Add(key, question = new Question());
        }

        return LeadAsync(key, question, ask, cancellationToken);
    }

    private async Task<T> LeadAsync(string key, Question question, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken);
        }
        finally
        {
            Continue(key, question);
        }
    }

    // Asks for all who came while the question before was on its way.
    private async Task FollowAsync(string key, Question question, Following following)
    {
        await following.AskAsync();
        Continue(key, question);
    }

    private void Continue(string key, Question question)
    {
        Following? next;
        lock (_questions)
        {
            (next, question.Next) = (question.Next, null);
            if (next is null)
            {
                _questions.Remove(key);
                return;
            }
        }

        _ = FollowAsync(key, question, next);
    }

    /// <summary>A question that is on its way.</summary>
    private sealed class Question
    {
        /// <summary>The one after it; null if nobody waits for that.</summary>
        public Following? Next { get; set; }
    }

    /// <summary>A question that will be asked, and answered to all who wait for it.</summary>
    private sealed class Following(Func<CancellationToken, Task<T>> ask)
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        // It is nobody's own, so nobody ends it; the store has its own limits. What fails is told to those who wait.
        public async Task AskAsync()
        {
            Task<T> asking = ask(CancellationToken.None);
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _answer.SetFromTask(asking);
        }
    }
}
