namespace LocalRegistry.Operator.Aws;

/// <summary>The kinds of failure of a call that only reads.</summary>
internal enum AwsFailureKind
{
    /// <summary>There is nothing of the kind: a bucket without a policy, a role of no such name.</summary>
    Absent,

    /// <summary>There is no such bucket.</summary>
    NoSuchBucket,

    /// <summary>The bucket lies in another region.</summary>
    OtherRegion,

    /// <summary>The operator's identity may not ask.</summary>
    Denied,

    /// <summary>There are no credentials to ask with.</summary>
    NoCredentials,

    /// <summary>The service knows nobody with these credentials, or no longer.</summary>
    BadCredentials,

    /// <summary>The service does not know the call: a store that speaks only a part of S3.</summary>
    Unsupported,

    /// <summary>The service refused the question itself.</summary>
    Invalid,

    /// <summary>No answer, or no sensible one; asking again may help.</summary>
    Unreachable,
}
