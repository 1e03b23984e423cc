using Amazon.S3;
using Amazon.S3.Model;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Reads a lifecycle rule as the SDK gives it: what is written as a filter's property comes back as a predicate.</summary>
internal static class LifecycleReading
{
    public static BucketLifecycleRule Read(LifecycleRule rule)
    {
        LifecycleFilterPredicate[] predicates = [.. Flatten(rule.Filter?.LifecycleFilterPredicate)];
        LifecycleTransition? freezes = rule.Transitions?.FirstOrDefault(t => t.StorageClass == S3StorageClass.Glacier || t.StorageClass == S3StorageClass.DeepArchive);
        return new BucketLifecycleRule(
            rule.Id ?? "",
            predicates.OfType<LifecyclePrefixPredicate>().FirstOrDefault()?.Prefix ?? OldPrefix(rule) ?? "",
            predicates.OfType<LifecycleTagPredicate>().Any(),
            rule.Expiration is { } expiration && (expiration.Days is not null || expiration.Date is not null),
            freezes?.StorageClass.Value,
            rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
            rule.NoncurrentVersionExpiration is not null);
    }

    private static IEnumerable<LifecycleFilterPredicate> Flatten(LifecycleFilterPredicate? predicate) => predicate switch
    {
        null => [],
        LifecycleNAryOperator { Operands: var operands } => operands.SelectMany(Flatten),
        _ => [predicate],
    };

    private static string? OldPrefix(LifecycleRule rule)
    {
#pragma warning disable CS0618 // New rules should not be written so; old ones are still to be read.
        return rule.Prefix;
#pragma warning restore CS0618
    }
}
