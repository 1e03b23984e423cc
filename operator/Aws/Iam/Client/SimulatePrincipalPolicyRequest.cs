namespace LocalRegistry.Operator.Aws.Iam.Client;

/// <summary>Asks what the policies of a role or user say.</summary>
internal sealed class SimulatePrincipalPolicyRequest(IReadOnlyList<KeyValuePair<string, string>> parameters) : IamRequest(parameters);
