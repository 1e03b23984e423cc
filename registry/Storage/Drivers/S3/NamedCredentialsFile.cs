using Amazon.Runtime.CredentialManagement;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// The shared credentials file that the environment names. The SDK would read it by itself, too, when its first client is made: of a file that it
/// cannot read it quotes the line in an exception, keys and all, and makes no client for the rest of the process's life. So it never hears of the file.
/// </summary>
internal static class NamedCredentialsFile
{
    private const string Variable = "AWS_SHARED_CREDENTIALS_FILE";

    /// <summary>Where it is; null if the environment names none. To be asked for before anything of the SDK is used.</summary>
    public static string? Path { get; } = Take();

    /// <summary>Whether a file is made of sections and settings; one that is not there is as good as an empty one.</summary>
    public static bool IsReadable(string path)
    {
        try
        {
            _ = new SharedCredentialsFile(path);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>A variable of the environment as it was.</summary>
    public static string? Original(string variable) => variable == Variable ? Path : Environment.GetEnvironmentVariable(variable);

    private static string? Take()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return null;
        }

        // Not unset: then it would look into the home folder.
        Environment.SetEnvironmentVariable(Variable, "/dev/null");
        return path;
    }
}
