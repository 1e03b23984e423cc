using System.Text.Json;
using k8s;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Makes calls of which none may stop the others: what one of them was refused is kept to be told.</summary>
internal sealed class Attempts
{
    /// <summary>Why the first of the calls that did not go through did not; null if all did.</summary>
    public string? Refused { get; private set; }

    /// <returns>Whether the call went through.</returns>
    public async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (KubernetesException e)
        {
            Refused ??= e.Status?.Message ?? e.Message;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or JsonException)
        {
            Refused ??= e.Message;
        }

        return false;
    }

    /// <summary>Keeps what stands in the way and is no call's answer.</summary>
    public void Refuse(string why) => Refused ??= why;
}
