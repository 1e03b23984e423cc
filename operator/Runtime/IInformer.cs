namespace LocalRegistry.Operator.Runtime;

/// <summary>An informer, whatever its kind.</summary>
internal interface IInformer
{
    /// <summary>The kind that it keeps.</summary>
    string Kind { get; }

    /// <summary>Done once the first list is complete.</summary>
    Task Synced { get; }

    /// <summary>How long the API server has said nothing. Watches are renewed at least every nine minutes, so more means trouble.</summary>
    TimeSpan Silence { get; }

    /// <summary>Lists and watches until cancelled.</summary>
    Task RunAsync(CancellationToken cancel);
}
