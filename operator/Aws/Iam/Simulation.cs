using System.Xml.Linq;
using Amazon.Runtime;
using LocalRegistry.Operator.Aws.Iam.Client;

namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>
/// Makes the calls of one simulation: one for all actions on the same resource in the same context, because IAM crosses every action with every
/// resource of a call and gives all of them one context.
/// </summary>
internal sealed class Simulation(IamClient client)
{
    // A page holds a hundred results: more pages than this are no answer to what is asked here.
    private const int MostPages = 10;

    // Names that the simulation does not know beside names that it does; it answers either kind alone.
    private const string Unmixable = "require different authorization information";

    /// <summary>Makes them; without the bucket's policy if IAM refuses that one.</summary>
    public async Task<SimulationResult> RunAsync(SimulationQuery query, CancellationToken cancel)
    {
        try
        {
            return new SimulationResult(await DecideAsync(query, cancel), query.BucketPolicy is not null);
        }
        catch (AmazonServiceException e) when (e.ErrorCode == "InvalidInput" && query.BucketPolicy is { Count: > 0 })
        {
            return new SimulationResult(await DecideAsync(query with { BucketPolicy = null }, cancel), WithBucketPolicy: false);
        }
    }

    private async Task<SimulatedDecision[]> DecideAsync(SimulationQuery query, CancellationToken cancel)
    {
        var decisions = new SimulatedDecision[query.Requests.Count];
        foreach (IGrouping<string, (int Index, SimulatedRequest Item)> alike in query.Requests.Index().GroupBy(request => Likeness(request.Item)))
        {
            SimulatedRequest first = alike.First().Item;
            string[] actions = [.. alike.Select(request => request.Item.Action).Distinct()];
            List<SimulatedDecision> found = await CallAsync(query, actions, first, cancel);
            foreach ((int index, SimulatedRequest request) in alike)
            {
                SimulatedDecision? decision = found.Find(decision => string.Equals(decision.Request.Action, request.Action, StringComparison.OrdinalIgnoreCase));
                decisions[index] = decision is not null
                    ? decision with { Request = request }
                    : throw new IOException($"IAM's simulation gave no decision for {request.Action} on {request.Resource}");
            }
        }

        return decisions;
    }

    private async Task<List<SimulatedDecision>> CallAsync(SimulationQuery query, string[] actions, SimulatedRequest alike, CancellationToken cancel)
    {
        try
        {
            return await PagesAsync(query, actions, alike, cancel);
        }
        catch (AmazonServiceException e) when (actions.Length > 1 && e.Message.Contains(Unmixable, StringComparison.Ordinal))
        {
            var decisions = new List<SimulatedDecision>();
            foreach (string action in actions)
            {
                decisions.AddRange(await PagesAsync(query, [action], alike, cancel));
            }

            return decisions;
        }
    }

    private async Task<List<SimulatedDecision>> PagesAsync(SimulationQuery query, string[] actions, SimulatedRequest alike, CancellationToken cancel)
    {
        var decisions = new List<SimulatedDecision>();
        List<KeyValuePair<string, string>> parameters = SimulationXml.Parameters(query, actions, alike);
        string? marker = null;
        for (int page = 0; page < MostPages && (page == 0 || marker is not null); page++)
        {
            XElement answer = await client.CallAsync(
                new SimulatePrincipalPolicyRequest(marker is null ? parameters : [.. parameters, new("Marker", marker)]), cancel);
            decisions.AddRange(SimulationXml.Decisions(answer, query, alike));
            marker = SimulationXml.Marker(answer);
        }

        return decisions;
    }

    private static string Likeness(SimulatedRequest request) =>
        string.Join('\n', request.Context.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}").Prepend(request.Resource));
}
