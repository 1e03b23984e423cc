using System.Collections.Concurrent;
using LocalRegistry.Operator.Aws.Calls;

namespace LocalRegistry.Operator.Tests.Aws;

/// <summary>Remembers what was counted.</summary>
internal sealed class CountedCalls : IAwsCallCounter
{
    private readonly ConcurrentQueue<string> _asked = new();
    private int _byAws;
    private int _byOperator;

    public ConcurrentQueue<string> Asked => _asked;

    public int ByAws => _byAws;

    public int ByOperator => _byOperator;

    void IAwsCallCounter.Asked(AwsOperation operation, string code) => _asked.Enqueue($"{operation.Service} {operation.Name} {code}");

    public void ThrottledByAws() => Interlocked.Increment(ref _byAws);

    public void ThrottledByOperator() => Interlocked.Increment(ref _byOperator);
}
