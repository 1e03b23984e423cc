using System.Xml.Linq;
using LocalRegistry.Testbed;

namespace LocalRegistry.Operator.IntegrationTests;

/// <summary>Makes roles, users and policies.</summary>
internal static class IamPrincipals
{
    private static readonly XNamespace Iam = "https://iam.amazonaws.com/doc/2010-05-08/";

    /// <summary>Makes a role with one inline policy, <c>registry</c>. Returns its ARN.</summary>
    /// <param name="moto">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="path">Its path, which a session's ARN does not have.</param>
    /// <param name="policy">What it may do; null makes a role without a policy.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<string> CreateRoleAsync(this MotoServer moto, string name, string path, string? policy, CancellationToken cancel)
    {
        XDocument made = await moto.IamAsync(
            "CreateRole",
            [
                new("RoleName", name),
                new("Path", path),
                new("AssumeRolePolicyDocument", """{"Version":"2012-10-17","Statement":[]}"""),
            ],
            cancel);
        if (policy is not null)
        {
            await moto.IamAsync("PutRolePolicy", [new("RoleName", name), new("PolicyName", "registry"), new("PolicyDocument", policy)], cancel);
        }

        return made.Descendants(Iam + "Arn").First().Value;
    }

    /// <summary>Makes a user with one inline policy, <c>registry</c>. Returns its ARN.</summary>
    public static async Task<string> CreateUserAsync(this MotoServer moto, string name, string policy, CancellationToken cancel)
    {
        XDocument made = await moto.IamAsync("CreateUser", [new("UserName", name)], cancel);
        await moto.IamAsync("PutUserPolicy", [new("UserName", name), new("PolicyName", "registry"), new("PolicyDocument", policy)], cancel);
        return made.Descendants(Iam + "Arn").First().Value;
    }

    /// <summary>Makes a managed policy. Returns its ARN.</summary>
    public static async Task<string> CreatePolicyAsync(this MotoServer moto, string name, string policy, CancellationToken cancel)
    {
        XDocument made = await moto.IamAsync("CreatePolicy", [new("PolicyName", name), new("PolicyDocument", policy)], cancel);
        return made.Descendants(Iam + "Arn").First().Value;
    }
}
