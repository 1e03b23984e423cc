namespace LocalRegistry.Operator.Api;

/// <summary>Builds a status's conditions so that a transition's time is kept until the status really flips.</summary>
internal sealed class ConditionSet(IReadOnlyList<Condition> previous, long generation, DateTimeOffset now)
{
    private readonly List<Condition> _conditions = [];

    /// <summary>The generation that they speak of.</summary>
    public long Generation => generation;

    /// <summary>The conditions, in the order in which they were set.</summary>
    public IReadOnlyList<Condition> All => _conditions;

    /// <summary>What the condition said before; null if it was never set.</summary>
    public Condition? Before(string type) => previous.FirstOrDefault(c => c.Type == type);

    public Condition Set(string type, ConditionStatus status, string reason, string message)
    {
        Condition? before = Before(type);
        var condition = new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            // Kubernetes' times are whole seconds; a fraction would make every write differ from what is read back.
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : WholeSeconds(now),
            ObservedGeneration = generation,
        };
        _conditions.Add(condition);
        return condition;
    }

    public static DateTime WholeSeconds(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
    }
}
