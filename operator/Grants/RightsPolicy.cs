namespace LocalRegistry.Operator.Grants;

/// <summary>The policy that gives rights, and none but them, to the identity that it is attached to.</summary>
internal static class RightsPolicy
{
    public static PolicyDocument Of(IEnumerable<Right> rights) => new([.. rights
        .GroupBy(r => (Service: r.Action.Split(':')[0], r.Resource))
        .Select(group => new PolicyStatement
        {
            Sid = SidOf(group.Key.Service, group.Key.Resource),
            Actions = [.. group.Select(r => r.Action).Distinct()],
            Resources = [group.Key.Resource],
            Conditions = ConditionsOf(group.First()),
        })]);

    private static string SidOf(string service, string resource) => service switch
    {
        "s3" => resource.Contains('/', StringComparison.Ordinal) ? "Objects" : "Bucket",
        "kms" => "Key",
        "iam" => "RegistryIdentity",
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "no such service"),
    };

    // What S3's own requests carry is not asked back: TLS is the bucket policy's affair, and a prefix must not be.
    private static PolicyCondition[] ConditionsOf(Right right)
    {
        var conditions = new List<PolicyCondition>();
        if (right.Context.TryGetValue(KmsKeyScope.ViaServiceKey, out string? service))
        {
            // Where the names of hosts end in .cn, the names of services do so only here and there.
            conditions.Add(service.EndsWith(".cn", StringComparison.Ordinal)
                ? new PolicyCondition("StringEquals", KmsKeyScope.ViaServiceKey, service[..^".cn".Length], service)
                : new PolicyCondition("StringEquals", KmsKeyScope.ViaServiceKey, service));
        }

        if (right.Context.TryGetValue(KmsKeyScope.AliasesKey, out string? alias))
        {
            conditions.Add(new PolicyCondition("ForAnyValue:StringEquals", KmsKeyScope.AliasesKey, alias));
        }

        return [.. conditions];
    }
}
