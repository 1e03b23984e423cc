namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>What an identity is.</summary>
internal enum CallerKind
{
    /// <summary>A session of a role.</summary>
    RoleSession,

    /// <summary>A user of IAM.</summary>
    User,

    /// <summary>A session that a user lent out.</summary>
    FederatedUser,

    /// <summary>The account itself.</summary>
    Root,
}
