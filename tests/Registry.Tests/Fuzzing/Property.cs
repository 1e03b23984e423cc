using System.Globalization;
using CsCheck;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>
/// Tries a property on random inputs: a fixed number of them, or for as many seconds as <c>LOCALREGISTRY_FUZZ_SECONDS</c> says. A failure names the
/// smallest input that was found for it and the seed that gives it again (<c>CsCheck_Seed</c>).
/// </summary>
internal static class Property
{
    /// <summary>How many inputs are tried if nothing is said.</summary>
    public const int Usual = 5000;

    /// <summary>How long each property is tried, in seconds; -1 if the number of inputs decides.</summary>
    public static readonly int Seconds =
        int.TryParse(Environment.GetEnvironmentVariable("LOCALREGISTRY_FUZZ_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : -1;

    /// <summary>Tries a property that throws where it does not hold.</summary>
    public static void Holds<T>(Gen<T> inputs, Action<T> property, long inputCount = Usual, Func<T, string>? print = null) =>
        inputs.Sample(property, TestContext.Current.TestOutputHelper!.WriteLine, iter: inputCount, time: Seconds, threads: 1, print: print ?? Print);

    /// <summary>Tries a property that takes its time.</summary>
    public static Task HoldsAsync<T>(Gen<T> inputs, Func<T, Task> property, long inputCount, Func<T, string>? print = null) =>
        inputs.SampleAsync(property, TestContext.Current.TestOutputHelper!.WriteLine, iter: inputCount, time: Seconds, threads: 1, print: print ?? Print);

    /// <summary>An input as it can stand in a test.</summary>
    public static string Print<T>(T input) => input switch
    {
        string text => System.Text.Json.JsonSerializer.Serialize(text),
        byte[] bytes => $"{Convert.ToBase64String(bytes)} ({System.Text.Json.JsonSerializer.Serialize(System.Text.Encoding.Latin1.GetString(bytes))})",
        _ => Check.Print(input),
    };
}
