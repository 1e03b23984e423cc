namespace LocalRegistry.Testbed;

/// <summary>Labels of the containers and networks that the test bed makes, by which they are found again.</summary>
internal static class Labels
{
    /// <summary>The name of the test bed that a container belongs to.</summary>
    public const string Bed = "dev.localregistry.testbed";

    /// <summary>What the container is in it: server, agent, s3 or moto.</summary>
    public const string Role = "dev.localregistry.testbed.role";

    /// <summary>The process that will remove it; absent where it is to outlive its maker.</summary>
    public const string Owner = "dev.localregistry.testbed.owner";

    /// <summary>The labels of one resource.</summary>
    public static Dictionary<string, string> Of(BedName bed, string role)
    {
        var labels = new Dictionary<string, string> { [Bed] = bed.Value, [Role] = role };
        if (!bed.Kept)
        {
            labels[Owner] = $"{Environment.ProcessId}";
        }

        return labels;
    }
}
