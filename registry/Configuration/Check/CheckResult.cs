namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>One call that <c>registry check</c> made, and its answer.</summary>
/// <param name="Name">The check's name, CamelCase and stable: <c>ListBucket</c>, <c>ReadMissingObject</c>, <c>WriteCanary</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Action">The permission that the call needs, as IAM names it (<c>s3:ListBucket</c>); null where none is.</param>
/// <param name="Resource">What it was made on, as an ARN; null where there is none.</param>
/// <param name="Message">What was seen and, if it did not pass, what to change.</param>
public sealed record CheckResult(string Name, CheckOutcome Outcome, string? Action, string? Resource, string Message);
