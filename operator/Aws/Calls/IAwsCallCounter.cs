namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>Counts what is asked of AWS.</summary>
internal interface IAwsCallCounter
{
    /// <summary>A request was made.</summary>
    /// <param name="operation">What it asked for.</param>
    /// <param name="code">The status of its answer, or one of <see cref="AwsCallCodes"/>.</param>
    void Asked(AwsOperation operation, string code);

    /// <summary>AWS asked to be asked less.</summary>
    void ThrottledByAws();

    /// <summary>A request did not get its turn in time, by the operator's own limits.</summary>
    void ThrottledByOperator();
}
