namespace LocalRegistry.Registry.Http;

/// <summary>
/// Tells clients that the store could not be asked whether what they get still holds (OCI distribution-spec, Warnings, which takes the code 299 alone
/// of RFC 7234, section 5.5, where there is 110 for it).
/// </summary>
internal static class StaleWarning
{
    private const string Text = "299 - \"the object store does not answer: this is what it held when it was asked last\"";

    public static void Write(HttpResponse response, bool isStale)
    {
        if (isStale)
        {
            response.Headers.Warning = Text;
        }
    }
}
