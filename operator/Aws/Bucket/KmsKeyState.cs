namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>A KMS key as <c>kms:DescribeKey</c> tells it.</summary>
/// <param name="Arn">The key's own ARN, also where it was asked for by an alias.</param>
/// <param name="State"><c>Enabled</c>, <c>Disabled</c>, <c>PendingDeletion</c> and so on.</param>
/// <param name="Spec"><c>SYMMETRIC_DEFAULT</c> for the only kind that S3 takes.</param>
/// <param name="Usage"><c>ENCRYPT_DECRYPT</c> likewise.</param>
/// <param name="IsManagedByAws">Whether it is AWS's own key for S3, which nobody needs a right to.</param>
internal sealed record KmsKeyState(string Arn, string State, string Spec, string Usage, bool IsManagedByAws = false);
