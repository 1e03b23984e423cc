using System.CommandLine;
using LocalRegistry.Benchmarks;

var binary = new Option<FileInfo?>("--binary") { Description = "Our registry's executable; compiled ahead of time first if left out." };
var runs = new Option<int>("--runs") { Description = "Starts of each registry.", DefaultValueFactory = _ => 10 };
var footprint = new Command("footprint", "How soon our registry and Docker's answer after their start, and how much memory they take.") { binary, runs };
footprint.SetAction((arguments, cancellation) => Footprint.RunAsync(arguments.GetValue(binary)?.FullName, arguments.GetValue(runs), Console.Out, cancellation));

var root = new RootCommand("Measures our registry against Docker's.") { footprint };

// There is one benchmark so far: it is what runs without a name.
return await root.Parse(args.Length == 0 ? ["footprint"] : args).InvokeAsync();
