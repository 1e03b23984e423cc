namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>Asks IAM about the registry's identity with the operator's own, by calls that change nothing.</summary>
internal interface IIamReader
{
    /// <summary>Whether something says where IAM is (<c>AWS_ENDPOINT_URL_IAM</c>), for a store that is not AWS's.</summary>
    bool HasOwnEndpoint { get; }

    /// <summary>
    /// Finds the role or user behind an identity (<c>iam:GetRole</c> for a role, whose path a session's ARN does not have). The failure is
    /// <see cref="AwsFailureKind.Invalid"/> for an identity whose rights cannot be simulated at all.
    /// </summary>
    /// <param name="callerArn">The registry's identity, as <c>sts:GetCallerIdentity</c> answers.</param>
    /// <param name="cancel">Gives up.</param>
    Task<AwsAnswer<IamPrincipal>> ResolveAsync(string callerArn, CancellationToken cancel);

    /// <summary>Asks what the policies say to some requests (<c>iam:SimulatePrincipalPolicy</c>).</summary>
    Task<AwsAnswer<SimulationResult>> SimulateAsync(SimulationQuery query, CancellationToken cancel);
}
