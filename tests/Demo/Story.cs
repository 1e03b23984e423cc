using System.Diagnostics;

namespace LocalRegistry.Demo;

/// <summary>What the demo tells as it goes: one line a step, each with the time since the start.</summary>
internal sealed class Story
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>A step, or the progress of one.</summary>
    public void Tell(string text) => Console.WriteLine($"[{_clock.Elapsed.TotalSeconds,4:0}s] {text}");

    /// <summary>A chapter of the demo.</summary>
    public void Begin(string title)
    {
        Console.WriteLine();
        Tell($"--- {title}");
    }

    /// <summary>What a command printed, after the command.</summary>
    public static void Show(string command, string output)
    {
        Console.WriteLine($"\n$ {command}");
        Console.WriteLine(output.TrimEnd());
    }
}
