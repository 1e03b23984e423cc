using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Registry.Checks;

/// <summary>Holds how an object really lies in the bucket against how it was asked to be encrypted: the one honest proof of it.</summary>
internal static class CanaryEncryption
{
    private const string None = "none";

    /// <param name="driver">What was asked for.</param>
    /// <param name="check">The check that read the object.</param>
    /// <param name="method">The answer's <c>x-amz-server-side-encryption</c>.</param>
    /// <param name="keyId">The answer's <c>x-amz-server-side-encryption-aws-kms-key-id</c>: on AWS the key's ARN, whatever it was named by.</param>
    public static CheckResult Judge(S3Driver driver, CheckResult check, string? method, string? keyId)
    {
        string found = string.IsNullOrEmpty(method) ? None : method;
        string key = string.IsNullOrEmpty(keyId) ? "" : $", KMS key {keyId}";
        if (!driver.Encrypt)
        {
            return check with { Message = $"the canary was read back, encryption {found}{key}" };
        }

        string asked = driver.EncryptionMethod!;
        if (found != asked)
        {
            return check with { Outcome = CheckOutcome.Failed, Message = $"the canary was written with encryption {asked} and lies in the bucket with {found}{key}" };
        }

        if (driver.KeyId is null)
        {
            return check with { Message = $"the canary was read back, encryption {found}{key}" };
        }

        return (key.Length == 0 ? null : KmsKeyName.Parse(driver.KeyId).Means(KmsKeyName.Parse(keyId!))) switch
        {
            true => check with { Message = $"the canary was read back, encryption {found}{key}" },
            false => check with
            {
                Outcome = CheckOutcome.Failed,
                Message = $"the canary was written with KMS key {driver.KeyId} and lies in the bucket with {keyId}: see what between the two replaces it",
            },
            // An alias, and what KMS resolved it to; or a store that does not tell.
            null => check with { Message = $"the canary was read back, encryption {found}, asked for with key {driver.KeyId}{(key.Length == 0 ? ", the key used is not told" : $" and used{key}")}" },
        };
    }
}
