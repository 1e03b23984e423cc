using System.Xml.Linq;
using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using LocalRegistry.Operator.Aws.Iam.Client;

namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>Asks AWS's IAM, or what <c>AWS_ENDPOINT_URL_IAM</c> names.</summary>
/// <param name="credentials">The operator's own credentials.</param>
/// <param name="configure">Sets up a client beyond its timeouts.</param>
internal sealed class IamReader(Func<CancellationToken, Task<AWSCredentials>> credentials, Action<ClientConfig> configure) : IIamReader
{
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Asks with the operator's own credentials.</summary>
    public IamReader()
        : this(OperatorCredentials.ResolveAsync, _ => { })
    {
    }

    public bool HasOwnEndpoint => Variable("AWS_ENDPOINT_URL_IAM") is not null;

    public async Task<AwsAnswer<IamPrincipal>> ResolveAsync(string callerArn, CancellationToken cancel)
    {
        if (!CallerArn.TryParse(callerArn, out CallerArn? caller))
        {
            return NotSimulatable($"\"{callerArn}\" is not an identity that IAM knows.");
        }

        if (!HasOwnEndpoint && IamEndpointProvider.RegionOf(caller.Partition) is null)
        {
            return NotSimulatable($"Where IAM is in partition {caller.Partition}, that of {callerArn}, is not known; AWS_ENDPOINT_URL_IAM may tell the operator.");
        }

        switch (caller.Kind)
        {
            case CallerKind.Root:
                return NotSimulatable($"{callerArn} is the account itself, which may do everything and has no policies. Use a role of its own instead.");
            case CallerKind.FederatedUser:
                return NotSimulatable($"{callerArn} is a federated user's session, which IAM does not simulate. Use a role instead.");
        }

        using CancellationTokenSource deadline = Deadline(cancel);
        if (await OwnAccountAsync(caller.Partition, deadline.Token, cancel) is { } own && own != caller.Account)
        {
            return OtherAccount(caller, own);
        }

        if (caller.Kind == CallerKind.User)
        {
            return AwsAnswer<IamPrincipal>.Of(new IamPrincipal(caller.Text, caller, null));
        }

        // The path is what is asked for, so that a policy can name it by a wildcard only.
        string role = $"arn:{caller.Partition}:iam::{caller.Account}:role/*{caller.Name}";
        AwsAnswer<IamPrincipal> answer = await AwsFailures.CatchAsync("iam:GetRole", role, () => GetRoleAsync(caller, deadline.Token), cancel);
        return answer.Value is { } found && found.Arn.Split(':')[4] is var account && account != caller.Account ? OtherAccount(caller, account) : answer;
    }

    public async Task<AwsAnswer<SimulationResult>> SimulateAsync(SimulationQuery query, CancellationToken cancel)
    {
        using CancellationTokenSource deadline = Deadline(cancel);
        return await AwsFailures.CatchAsync(
            "iam:SimulatePrincipalPolicy",
            query.Principal.Arn,
            async () =>
            {
                using IamClient client = await IamAsync(query.Principal.Caller.Partition, deadline.Token);
                return await new Simulation(client).RunAsync(query, deadline.Token);
            },
            cancel);
    }

    private async Task<IamPrincipal?> GetRoleAsync(CallerArn caller, CancellationToken cancel)
    {
        using IamClient client = await IamAsync(caller.Partition, cancel);
        XElement role = (await client.CallAsync(new GetRoleRequest(caller.Name), cancel)).Element(IamClient.Namespace + "Role")!;
        return role.Element(IamClient.Namespace + "Arn") is { } arn
            ? new IamPrincipal(arn.Value, caller, role.Descendants(IamClient.Namespace + "PermissionsBoundaryArn").FirstOrDefault()?.Value)
            : null;
    }

    // Null where it cannot be told: then IAM finds no role of that name, or one of its own account.
    private async Task<string?> OwnAccountAsync(string partition, CancellationToken deadline, CancellationToken cancel)
    {
        if (HasOwnEndpoint && Variable("AWS_ENDPOINT_URL_STS") is null && Variable("AWS_ENDPOINT_URL") is null)
        {
            return null;
        }

        try
        {
            var config = new AmazonSecurityTokenServiceConfig { RegionEndpoint = Variable("AWS_REGION") is { } region ? RegionEndpoint.GetBySystemName(region) : RegionOf(partition) };
            using var client = new AmazonSecurityTokenServiceClient(await credentials(deadline), Limited(config));
            return (await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), deadline)).Account;
        }
        catch (Exception e) when (AwsFailures.IsAnswer(e, cancel))
        {
            return null;
        }
    }

    private async Task<IamClient> IamAsync(string partition, CancellationToken cancel) => new(
        await credentials(cancel), Limited(new IamClientConfig { RegionEndpoint = RegionOf(partition) }));

    private T Limited<T>(T config)
        where T : ClientConfig
    {
        AwsClients.Limit(config);
        configure(config);
        return config;
    }

    // Where something else says where IAM is, any region will do.
    private static RegionEndpoint RegionOf(string partition) => RegionEndpoint.GetBySystemName(IamEndpointProvider.RegionOf(partition) ?? "us-east-1");

    private static CancellationTokenSource Deadline(CancellationToken cancel)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TotalTimeout);
        return deadline;
    }

    private static AwsAnswer<IamPrincipal> OtherAccount(CallerArn caller, string own) => NotSimulatable(
        $"{caller.Text} is of account {caller.Account} and the operator is of account {own}: IAM simulates for its own account only. Give the operator an identity of account {caller.Account}.");

    private static AwsAnswer<IamPrincipal> NotSimulatable(string why) => AwsAnswer<IamPrincipal>.Failed(new AwsFailure(AwsFailureKind.Invalid, why));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
