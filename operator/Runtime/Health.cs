namespace LocalRegistry.Operator.Runtime;

/// <summary>What the kubelet asks.</summary>
internal static class Health
{
    // A watch is renewed at least every nine minutes; with the longest back-off and a slow list on top.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    /// <summary>Maps <c>/healthz</c>, whether the cluster is still being heard, and <c>/readyz</c>, whether it has been listed whole.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (IEnumerable<IInformer> informers) => Answer(informers.Where(i => i.Silence > LongestSilence), "not heard of"));
        app.MapGet("/readyz", (IEnumerable<IInformer> informers) => Answer(informers.Where(i => !i.Synced.IsCompletedSuccessfully), "not listed"));
    }

    private static IResult Answer(IEnumerable<IInformer> troubled, string trouble)
    {
        string[] kinds = [.. troubled.Select(i => i.Kind)];
        return kinds.Length == 0 ? Results.Text("ok\n") : Results.Text($"{trouble}: {string.Join(", ", kinds)}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
