namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>Asks for a role by its name, without its path.</summary>
internal sealed class GetRoleRequest(string name) : IamRequest([new("RoleName", name)]);
