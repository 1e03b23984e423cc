using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Keeps what a registry logs.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _texts = new();

    /// <summary>The messages so far.</summary>
    public IReadOnlyCollection<string> Texts => _texts;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _texts.Enqueue(formatter(state, exception));

    public void Dispose() => _texts.Clear();
}
