using System.Text.Json;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// Refuses what the registry can do with its listener, and ask of its clients, that a node cannot use: kubelets and runtimes reach the registry at plain
/// <c>http://127.0.0.1:PORT/v2/</c>, which the operator writes, probes and tells the runtimes.
/// </summary>
internal static class ListenerCheck
{
    private const string Reached = "a node's runtime reaches the registry at http://127.0.0.1";

    /// <param name="config">The resource's <c>spec.config</c>.</param>
    /// <returns>The keys that are refused, each with what to do.</returns>
    public static IReadOnlyList<ListenerProblem> Problems(JsonElement config)
    {
        var problems = new List<ListenerProblem>();
        if (config.ValueKind == JsonValueKind.Object && config.TryGetProperty("auth", out JsonElement auth)
            && auth is { ValueKind: JsonValueKind.Object } && auth.EnumerateObject().Any())
        {
            problems.Add(new ListenerProblem("auth", "auth", "cannot be used on nodes: kubelets and runtimes pull from http://127.0.0.1 without a login; remove it"));
        }

        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty("http", out JsonElement http) || http.ValueKind != JsonValueKind.Object)
        {
            return problems;
        }

        if (http.TryGetProperty("tls", out JsonElement tls) && tls is { ValueKind: JsonValueKind.Object } && tls.EnumerateObject().Any())
        {
            problems.Add(new ListenerProblem("http.tls", "http.tls", $"cannot be used on nodes: {Reached}, without TLS; remove it"));
        }

        if (Text(http, "net").Equals("unix", StringComparison.OrdinalIgnoreCase))
        {
            // The address is then a path, which the nodes' port takes the place of.
            problems.Add(new ListenerProblem("http.net", "http.addr", $"must not be unix: {Reached}, not on a socket; remove it"));
        }

        if (Text(http, "prefix") is not ("" or "/"))
        {
            problems.Add(new ListenerProblem("http.prefix", "http.prefix", $"cannot be used on nodes: {Reached}/v2/, with nothing before it; remove it"));
        }

        return problems;
    }

    private static string Text(JsonElement http, string key) =>
        http.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
