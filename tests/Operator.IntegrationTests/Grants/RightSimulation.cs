using System.Xml.Linq;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>Asks IAM's simulation what a principal's policies say of rights.</summary>
internal static class RightSimulation
{
    private static readonly XNamespace Iam = "https://iam.amazonaws.com/doc/2010-05-08/";

    /// <summary>Gives one line for each right, with the decision at its end.</summary>
    public static async Task<IReadOnlyList<string>> DecideAsync(this IamSimulator simulator, string principal, IEnumerable<Right> rights)
    {
        var decisions = new List<string>();
        foreach (Right right in rights)
        {
            XDocument answer = await simulator.IamAsync("AKIAOPERATOR", "SimulatePrincipalPolicy", [
                new("PolicySourceArn", principal),
                new("ActionNames.member.1", right.Action),
                new("ResourceArns.member.1", right.Sample),
                .. right.Context.SelectMany((c, i) => new KeyValuePair<string, string>[]
                {
                    new($"ContextEntries.member.{i + 1}.ContextKeyName", c.Key),
                    new($"ContextEntries.member.{i + 1}.ContextKeyType", "string"),
                    new($"ContextEntries.member.{i + 1}.ContextKeyValues.member.1", c.Value),
                }),
            ], TestContext.Current.CancellationToken);
            decisions.Add($"{right.Action} on {right.Sample}: {answer.Descendants(Iam + "EvalDecision").First().Value}");
        }

        Assert.NotEmpty(decisions);
        return decisions;
    }
}
