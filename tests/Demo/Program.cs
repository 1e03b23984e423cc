using LocalRegistry.Demo;
using LocalRegistry.Testbed;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

var bed = BedName.Lasting("demo");
try
{
    switch (args)
    {
        case ["up"]:
            await new Walkthrough(bed).RunAsync(stop.Token);
            return 0;
        case ["down"]:
            var containers = await Leftovers.RemoveAsync(bed, stop.Token);
            Console.WriteLine(containers == 0 ? "There is no demo." : "The demo is gone. The engine and its images stay for the next one.");
            return 0;
        default:
            Console.Error.WriteLine("usage: demo up|down");
            return 2;
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped. What is there already is used by the next `make demo`, or removed by `make demo-down`.");
    return 130;
}
catch (Exception e) when (e is CommandException or TimeoutException)
{
    Console.Error.WriteLine($"\nThe demo failed: {e.Message}");
    return 1;
}
