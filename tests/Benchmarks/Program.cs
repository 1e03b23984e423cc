using System.CommandLine;
using LocalRegistry.Benchmarks;
using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Scenarios;
using LocalRegistry.Benchmarks.Store;

var only = new Option<string[]>("--only") { Description = "The scenarios to run; all if left out.", AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong([.. ScenarioList.All.Select(s => s.Name)]);
var candidates = new Option<string[]>("--candidates")
{
    Description = "Whom to measure, separated by commas; all if left out.",
    CustomParser = result => result.Tokens[0].Value.Split(','),
    Arity = ArgumentArity.ExactlyOne,
};
var rounds = new Option<int>("--rounds") { Description = "How often each candidate is measured.", DefaultValueFactory = _ => 3 };
var quick = new Option<bool>("--quick") { Description = "Move little, once: shows that all works, and no more." };
var binary = new Option<FileInfo?>("--binary") { Description = "Our registry's executable; compiled ahead of time first if left out." };
var distribution = new Option<FileInfo?>("--distribution") { Description = "An executable of Docker's registry 3, which no package brings; without it only 2.8 is the peer." };
var name = new Option<string?>("--name") { Description = "Keep the results as tests/Benchmarks/results/NAME.json, .txt and .svg; a whole run keeps them as bench, others only print them." };

var root = new RootCommand("Measures our registry against Docker's on the same S3.") { only, candidates, rounds, quick, binary, distribution, name };
root.SetAction(async (arguments, ct) =>
{
    try
    {
        string program = arguments.GetValue(binary)?.FullName ?? await RegistryBinary.BuildAsync(ct);
        string[] asked = arguments.GetValue(only) ?? [];
        IReadOnlyList<Candidate> found = await CandidateList.FindAsync(
            program, arguments.GetValue(distribution)?.FullName, arguments.GetValue(candidates) ?? [], ct);
        bool isQuick = arguments.GetValue(quick);
        await using var bench = new Bench(isQuick ? Sizes.Quick : Sizes.Full, found, await BenchStore.StartAsync(ct));
        BenchResult result = await new BenchRun(bench, isQuick ? 1 : arguments.GetValue(rounds), Console.Error)
            .RunAsync([.. ScenarioList.All.Where(s => asked.Length == 0 || asked.Contains(s.Name))], ct);
        Report.Write(result, Console.Out);
        bool isWhole = !isQuick && asked.Length == 0 && arguments.GetValue(candidates) is not { Length: > 0 };
        if ((arguments.GetValue(name) ?? (isWhole ? "bench" : null)) is { } kept)
        {
            await ResultFiles.WriteAsync(result, kept, ct);
        }

        return 0;
    }
    catch (CandidateException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});

var plotted = new Argument<string>("name") { Description = "The name under which the results were kept." };
var plot = new Command("plot", "Draws the plot of results that were kept.") { plotted };
plot.SetAction((arguments, ct) => ResultFiles.PlotAsync(arguments.GetValue(plotted)!, ct));
root.Add(plot);

return await root.Parse(args).InvokeAsync();
