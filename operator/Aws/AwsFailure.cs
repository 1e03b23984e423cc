namespace LocalRegistry.Operator.Aws;

/// <summary>Why a call gave no value.</summary>
/// <param name="Kind">The kind of failure, which decides what follows.</param>
/// <param name="Message">What the service said.</param>
/// <param name="Permission">The action that the operator's identity lacks, as IAM names it; null unless it was denied.</param>
/// <param name="Resource">What it lacks it on, as an ARN; null unless it was denied.</param>
internal sealed record AwsFailure(AwsFailureKind Kind, string Message, string? Permission = null, string? Resource = null);
