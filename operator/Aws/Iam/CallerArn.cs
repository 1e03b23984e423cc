using System.Diagnostics.CodeAnalysis;

namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>Who calls AWS, as <c>sts:GetCallerIdentity</c> answers; a role by its own ARN stands for any session of it.</summary>
/// <param name="Text">The ARN.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Partition">Its partition: <c>aws</c>, <c>aws-cn</c> ...</param>
/// <param name="Account">Its account, twelve digits.</param>
/// <param name="Name">The name of the role or user, without its path.</param>
internal sealed record CallerArn(string Text, CallerKind Kind, string Partition, string Account, string Name)
{
    /// <summary>Whether it is the same role, user or account; the session does not matter.</summary>
    public bool IsSameAs(CallerArn other) => (Kind, Account, Name) == (other.Kind, other.Account, other.Name);

    /// <summary>Reads an ARN; false if it is not a caller's.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CallerArn? caller)
    {
        caller = null;
        if (text?.Split(':', 6) is not ["arn", var partition, "iam" or "sts", "", var account, var resource])
        {
            return false;
        }

        string[] path = resource.Split('/');
        (CallerKind Kind, string Name)? found = path switch
        {
            ["assumed-role", var role, ..] => (CallerKind.RoleSession, role),
            ["role", .., var role] => (CallerKind.RoleSession, role),
            ["user", .., var user] => (CallerKind.User, user),
            ["federated-user", var user] => (CallerKind.FederatedUser, user),
            ["root"] => (CallerKind.Root, "root"),
            _ => null,
        };
        if (found is not var (kind, name))
        {
            return false;
        }

        caller = new CallerArn(text, kind, partition, account, name);
        return true;
    }
}
