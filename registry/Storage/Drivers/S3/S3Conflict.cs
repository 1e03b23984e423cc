using System.Net;
using Amazon.S3;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// Writes that another one of the same key gets in the way of. S3 then answers 409 (<c>ConditionalRequestConflict</c>, <c>OperationAborted</c>), which
/// says nothing of who wins, and wants the call to be made again.
/// </summary>
internal static class S3Conflict
{
    // About three seconds altogether; the other write is under way already.
    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes, again if need be.</summary>
    /// <param name="write">Makes the call; is called anew for each attempt.</param>
    /// <param name="isThere">Looks for the object, if the write is to be made only while there is none; else null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False if the object is there already.</returns>
    /// <exception cref="AmazonS3Exception">The write failed for another reason, or was in conflict all the time.</exception>
    public static async Task<bool> RetryAsync(Func<Task> write, Func<Task<bool>>? isThere, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                return true;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed && isThere is not null)
            {
                return false;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict && attempt < Attempts)
            {
                if (isThere is not null && await isThere())
                {
                    return false;
                }
            }

            await Task.Delay(pause, cancellationToken);
            pause *= 2;
        }
    }
}
