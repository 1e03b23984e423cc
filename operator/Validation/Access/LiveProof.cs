using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>What the preflight's real calls have shown.</summary>
internal sealed class LiveProof(CheckReport? report)
{
    // A canary is written under the registry's own key and read back with it; an image that lies there may be from before the key.
    private static readonly Dictionary<string, string> ShownBy = new() { ["kms:GenerateDataKey"] = "WriteCanary", ["kms:Decrypt"] = "ReadCanary" };

    // S3 says that an object is missing only to who may read it as well.
    private const string Missing = "ReadMissingObject";

    /// <summary>Whether the registry's identity has done this.</summary>
    public bool Shows(string action) =>
        report?.Checks.Any(c => c.Outcome == CheckOutcome.Passed && (ShownBy.TryGetValue(action, out string? name) ? c.Name == name : c.Action == action || (action == "s3:GetObject" && c.Name == Missing))) == true;
}
