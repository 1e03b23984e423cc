using LocalRegistry.Testbed;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>Makes the identity of one case.</summary>
/// <param name="Moto">Where.</param>
/// <param name="Case">The case.</param>
/// <param name="Name">A name that no other case has.</param>
/// <param name="Cancel">Gives up.</param>
internal sealed record CaseIdentity(MotoServer Moto, AccessCase Case, string Name, CancellationToken Cancel)
{
    /// <summary>A role with a policy of its own, and a session of it as STS names it.</summary>
    public async Task<string?> RoleAsync(string? policy)
    {
        await Moto.CreateRoleAsync(Name, "/registries/", policy, Cancel);
        return Session;
    }

    /// <summary>A role that has all that is needed.</summary>
    public Task<string?> RoleAsync() => RoleAsync(Case.AllNeeded);

    /// <summary>A user with a policy of its own.</summary>
    public async Task<string?> UserAsync(string policy) => await Moto.CreateUserAsync(Name, policy, Cancel);

    /// <summary>Attaches a managed policy to the role.</summary>
    public async Task AttachAsync(string policy) => await Moto.IamAsync(
        "AttachRolePolicy", [new("RoleName", Name), new("PolicyArn", await Moto.CreatePolicyAsync($"{Name}-attached", policy, Cancel))], Cancel);

    /// <summary>Bounds the role's permissions.</summary>
    public async Task BoundAsync(string policy) => await Moto.IamAsync(
        "PutRolePermissionsBoundary", [new("RoleName", Name), new("PermissionsBoundary", await Moto.CreatePolicyAsync($"{Name}-boundary", policy, Cancel))], Cancel);

    /// <summary>Puts the role under a policy of the organization.</summary>
    public async Task GovernAsync(string policy) => await Moto.IamAsync(
        "TagRole",
        [
            new("RoleName", Name),
            new("Tags.member.1.Key", "organization-policy"),
            new("Tags.member.1.Value", await Moto.CreatePolicyAsync($"{Name}-organization", policy, Cancel)),
        ],
        Cancel);

    /// <summary>A session of the role.</summary>
    public string Session => $"arn:aws:sts::{MotoServer.Account}:assumed-role/{Name}/session";
}
