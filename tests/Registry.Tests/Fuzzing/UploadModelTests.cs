using System.Net;
using CsCheck;
using LocalRegistry.Registry.Storage.Uploads;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Random orders of what a client can do with uploads, against a model of what is in each of them.</summary>
public sealed class UploadModelTests
{
    private const string Repository = "model/uploads";

    // Parts of a few bytes, so that uploads of some hundred have many and their ends fall everywhere.
    private const int PartSize = 64;

    private enum Step
    {
        Begin,
        Append,
        AppendInRange,
        AppendOutOfRange,
        AppendWithWrongLength,
        AppendWithBadRange,
        Ask,
        Finish,
        FinishWithBody,
        FinishOutOfRange,
        FinishWrong,
        FinishWithoutDigest,
        Cancel,
    }

    [Fact]
    public async Task Uploads_hold_what_was_sent_and_end_as_they_should()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(replace: services => services.AddSingleton(_ => new PartBuffers(PartSize, 1024)));
        await Property.HoldsAsync(
            Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 300], Gen.Int[1, 1000]).Array[1, 20],
            async steps =>
            {
                var uploads = new List<Upload>();
                foreach ((Step step, int which, int length, int seed) in steps)
                {
                    if (step == Step.Begin || uploads.Count == 0)
                    {
                        uploads.Add(new Upload(await registry.BeginUploadAsync(Repository)));
                    }
                    else
                    {
                        await TakeAsync(registry, uploads[which % uploads.Count], step, TestContent.Bytes(length, seed));
                    }
                }

                foreach (Upload upload in uploads)
                {
                    await TakeAsync(registry, upload, Step.Ask, []);
                    await TakeAsync(registry, upload, Step.Finish, []);
                }
            },
            100);
    }

    private static async Task TakeAsync(TestRegistry registry, Upload upload, Step step, byte[] body)
    {
        int first = upload.Content.Count;
        string range = $"{first}-{first + body.Length - 1}";
        using HttpResponseMessage response = step switch
        {
            Step.Append => await registry.SendAsync(HttpMethod.Patch, upload.Path, body),
            Step.AppendInRange => await registry.SendAsync(HttpMethod.Patch, upload.Path, body, ("Content-Range", range)),
            Step.AppendOutOfRange => await registry.SendAsync(HttpMethod.Patch, upload.Path, body, ("Content-Range", $"{first + 7}-{first + 6 + body.Length}")),
            Step.AppendWithWrongLength => await registry.SendAsync(HttpMethod.Patch, upload.Path, body, ("Content-Range", $"{first}-{first + body.Length}")),
            Step.AppendWithBadRange => await registry.SendAsync(HttpMethod.Patch, upload.Path, body, ("Content-Range", "5-3")),
            Step.Ask => await registry.GetAsync(upload.Path),
            Step.Finish => await registry.FinishAsync(upload.Path, TestContent.Sha256([.. upload.Content])),
            Step.FinishWithBody => await registry.FinishAsync(upload.Path, TestContent.Sha256([.. upload.Content, .. body]), body),
            Step.FinishOutOfRange => await registry.SendAsync(HttpMethod.Put, $"{upload.Path}?digest={TestContent.Sha256([.. upload.Content, .. body])}", body, ("Content-Range", $"{first + 1}-{first + body.Length}")),
            Step.FinishWrong => await registry.FinishAsync(upload.Path, TestContent.Sha256([.. upload.Content, .. body, 1]), body),
            Step.FinishWithoutDigest => await registry.SendAsync(HttpMethod.Put, upload.Path, body),
            Step.Cancel => await registry.SendAsync(HttpMethod.Delete, upload.Path),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };

        if (upload.HasEnded)
        {
            // Without a digest a request is wrong whatever it is for.
            Assert.Contains((step, response.StatusCode), ((Step, HttpStatusCode)[])[(step, HttpStatusCode.NotFound), (Step.FinishWithoutDigest, HttpStatusCode.BadRequest)]);
            return;
        }

        switch (step)
        {
            case Step.Append:
            case Step.AppendInRange when body.Length > 0:
                upload.Content.AddRange(body);
                AssertAt(upload, response, HttpStatusCode.Accepted);
                break;
            case Step.Ask:
                AssertAt(upload, response, HttpStatusCode.NoContent);
                break;
            case Step.AppendOutOfRange or Step.FinishOutOfRange when body.Length > 0:
                await response.AssertErrorAsync(416, "BLOB_UPLOAD_INVALID");
                AssertAt(upload, response, HttpStatusCode.RequestedRangeNotSatisfiable);
                break;
            case Step.AppendWithWrongLength:
                await response.AssertErrorAsync(400, "SIZE_INVALID");
                break;
            case Step.AppendInRange or Step.AppendOutOfRange or Step.FinishOutOfRange or Step.AppendWithBadRange:
                // A range of nothing cannot be written.
                await response.AssertErrorAsync(400, "BLOB_UPLOAD_INVALID");
                break;
            case Step.FinishWithoutDigest:
                await response.AssertErrorAsync(400, "DIGEST_INVALID");
                break;
            case Step.Finish or Step.FinishWithBody:
                upload.Content.AddRange(step == Step.FinishWithBody ? body : []);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
                Assert.Equal(upload.Content, await registry.ReadBlobAsync(Repository, TestContent.Sha256([.. upload.Content])));
                upload.HasEnded = true;
                break;
            case Step.FinishWrong:
                await response.AssertErrorAsync(400, "DIGEST_INVALID");
                upload.HasEnded = true;
                break;
            default:
                Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
                upload.HasEnded = true;
                break;
        }
    }

    private static void AssertAt(Upload upload, HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal($"0-{Math.Max(0, upload.Content.Count - 1)}", response.Header("Range"));
        upload.Path = response.Headers.Location!.PathAndQuery.Split('?')[0];
    }

    private sealed class Upload(string path)
    {
        public string Path { get; set; } = path;

        public List<byte> Content { get; } = [];

        public bool HasEnded { get; set; }
    }
}
