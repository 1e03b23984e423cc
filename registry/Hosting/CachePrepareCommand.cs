using System.CommandLine;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting;

/// <summary><c>registry cache-prepare</c>: gives a folder of the node to the registry, before it starts.</summary>
internal static class CachePrepareCommand
{
    private const int Passed = 0;
    private const int NotPassed = 1;

    private static readonly Argument<string> Folder = new("folder") { Description = "The folder where the node's cache is to lie." };

    public static Command Build()
    {
        var prepare = new Command("cache-prepare", "Gives a folder to the registry's user for its cache, if it is empty or is the cache's already.") { Folder };
        prepare.SetAction(arguments =>
        {
            if (CachePreparation.Prepare(arguments.GetRequiredValue(Folder), ImageUser.Number, ImageUser.Number) is { } problem)
            {
                Console.Error.WriteLine(problem);
                return NotPassed;
            }

            return Passed;
        });
        return prepare;
    }
}
