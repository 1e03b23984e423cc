namespace LocalRegistry.Operator.Validation;

/// <summary>One question that validation asks of what was read before. It makes no call itself, so that an answer follows from the facts alone.</summary>
/// <typeparam name="TFacts">What was read.</typeparam>
internal interface ICheck<in TFacts>
{
    /// <summary>What is asked, and how much depends on it.</summary>
    CheckDefinition Definition { get; }

    /// <summary>Answers it.</summary>
    CheckAnswer Judge(TFacts facts, CheckContext context);
}
