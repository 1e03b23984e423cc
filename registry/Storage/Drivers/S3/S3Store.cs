using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Objects in a bucket.</summary>
internal sealed class S3Store : IObjectStore
{
    private const int ConcurrentDeletes = 8;
    private const int MaximumTries = 6;

    /// <summary>It says nothing against the identity; the SDK has set its clock right for the next call.</summary>
    private const string ClocksDiffer = "RequestTimeTooSkewed";

    private static readonly TimeSpan ConflictPause = TimeSpan.FromMilliseconds(20);

    private readonly AmazonS3Client _client;
    private readonly S3Driver _driver;
    private readonly S3WriteHeaders _headers;
    private readonly S3Timeouts _timeouts;

    /// <summary>
    /// TLS guards a body already, so that its hash is not signed as well: that would be one more pass over all bytes. AWS checks its own checksum besides.
    /// </summary>
    private readonly bool _isTls;

    public S3Store(S3Driver driver, AmazonS3Client client, S3Timeouts? timeouts = null)
    {
        _timeouts = timeouts ?? new S3Timeouts();
        _driver = driver;
        _client = client;
        _headers = new S3WriteHeaders(driver);
        _isTls = IsTls(client, driver.Bucket);
    }

    public Task<long?> StatAsync(string key, CancellationToken cancellationToken) => ReadAsync("HeadObject", key, async token =>
    {
        try
        {
            var request = new GetObjectMetadataRequest { BucketName = _driver.Bucket, Key = KeyOf(key) };
            GetObjectMetadataResponse response = await _client.GetObjectMetadataAsync(request, token);
            return (long?)response.ContentLength;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }, cancellationToken);

    public Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) => ReadAsync("GetObject", key, async token =>
    {
        try
        {
            GetObjectResponse response = await GetAsync(key, offset, offset + length - 1, null, token);
            long size = TotalSize(response);
            long count = Math.Min(length ?? long.MaxValue, size - offset);
            Stream stream = Read(key, response, new Oci.ByteRange(offset, offset + count - 1));
            return new ObjectContent(size, stream) { OpenRange = response.ETag is { } etag ? (range, reading) => OpenAsync(key, range, etag, reading) : null };
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset == 0)
        {
            // Nothing at all has no first byte.
            return new ObjectContent(0, Stream.Null);
        }
    }, cancellationToken);

    public Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken) =>
        WriteAsync("PutObject", key, onlyIfAbsent, () =>
        {
            var request = new PutObjectRequest
            {
                BucketName = _driver.Bucket,
                Key = KeyOf(key),
                InputStream = AsStream(content),
                AutoCloseStream = true,
                IfNoneMatch = onlyIfAbsent ? "*" : null,
                UseChunkEncoding = _driver.RegionEndpoint is null,
                DisablePayloadSigning = _isTls,
            };
            _headers.ApplyTo(request);
            return _client.PutObjectAsync(request, cancellationToken);
        }, cancellationToken);

    public async Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken) =>
        new PartWriter(this, key, new PartsSoFar(await BeginMultipartAsync(key, cancellationToken), []));

    public IPartWriter Resume(string key, PartsSoFar parts) => new PartWriter(this, key, parts);

    public async IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = _driver.Bucket, Prefix = KeyOf(prefix) };
        bool more;
        do
        {
            ListMultipartUploadsResponse page = await CallAsync(
                "ListMultipartUploads", prefix, () => _client.ListMultipartUploadsAsync(request, cancellationToken), cancellationToken);
            foreach (MultipartUpload upload in page.MultipartUploads ?? [])
            {
                // A store that does not say when an upload began is taken at its youngest.
                DateTimeOffset begun = upload.Initiated?.ToUniversalTime() ?? DateTimeOffset.MaxValue;
                yield return new UnfinishedObject(upload.Key[KeyOf("").Length..], upload.UploadId, begun);
            }

            more = page.IsTruncated is true;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (more);
    }

    public Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken) => CallAsync("AbortMultipartUpload", unfinished.Key, async () =>
    {
        await S3Multipart.AbortAsync(_client, _driver.Bucket, KeyOf(unfinished.Key), unfinished.Id, cancellationToken);
        return true;
    }, cancellationToken);

    public async Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken)
    {
        if (size <= _driver.MultipartCopyThresholdSize)
        {
            await WriteAsync("CopyObject", destination, onlyIfAbsent: false, () =>
            {
                var request = new CopyObjectRequest
                {
                    SourceBucket = _driver.Bucket,
                    SourceKey = KeyOf(source),
                    DestinationBucket = _driver.Bucket,
                    DestinationKey = KeyOf(destination),
                };
                _headers.ApplyTo(request);
                return _client.CopyObjectAsync(request, cancellationToken);
            }, cancellationToken);
            return;
        }

        string uploadId = await BeginMultipartAsync(destination, cancellationToken);
        var copy = new S3MultipartCopy(_client, _driver, KeyOf(source), KeyOf(destination), uploadId);
        await CallAsync("UploadPartCopy", destination, async () =>
        {
            await copy.RunAsync(size, cancellationToken);
            return true;
        }, cancellationToken);
    }

    public async Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken)
    {
        string full = KeyOf(prefix);
        var request = new ListObjectsV2Request { BucketName = _driver.Bucket, Prefix = full };
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentDeletes, CancellationToken = cancellationToken };
        bool found = false;
        do
        {
            ListObjectsV2Response page = await ReadAsync("ListObjectsV2", prefix, token => _client.ListObjectsV2Async(request, token), cancellationToken);
            List<S3Object> objects = page.S3Objects ?? [];
            found |= objects.Count > 0;

            // One by one: DeleteObjects wants a checksum that not every store other than AWS takes.
            await Parallel.ForEachAsync(objects, options, async (each, token) => await DeleteAsync(prefix + each.Key[full.Length..], token));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        return found;
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => CallAsync("DeleteObject", key,
        () => _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _driver.Bucket, Key = KeyOf(key) }, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<string> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string full = KeyOf(prefix);
        var request = new ListObjectsV2Request { BucketName = _driver.Bucket, Prefix = full, Delimiter = "/", StartAfter = string.IsNullOrEmpty(after) ? null : full + after };
        do
        {
            ListObjectsV2Response page = await ReadAsync("ListObjectsV2", prefix, token => _client.ListObjectsV2Async(request, token), cancellationToken);

            // An answer has folders and objects apart. The prefix itself is a marker that consoles leave where somebody made a folder.
            IEnumerable<string> objects = (page.S3Objects ?? []).Select(o => o.Key).Where(k => k != full);
            foreach (string key in objects.Concat(page.CommonPrefixes ?? []).Order(StringComparer.Ordinal))
            {
                yield return key.EndsWith('/') ? key[full.Length..^1] : key[full.Length..];
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => ReadAsync("ListObjectsV2", "",
        token => _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _driver.Bucket, Prefix = KeyOf(""), MaxKeys = 1 }, token), cancellationToken);

    public void Dispose() => _client.Dispose();

    // An environment variable may lead elsewhere than the configuration says, so the client is asked.
    private static bool IsTls(AmazonS3Client client, string bucket) =>
        client.DetermineServiceOperationEndpoint(new PutObjectRequest { BucketName = bucket, Key = "-" }).URL.StartsWith("https:", StringComparison.Ordinal);

    private static long TotalSize(GetObjectResponse response) => RangeOf(response)?.Length ?? response.ContentLength;

    private static ContentRangeHeaderValue? RangeOf(GetObjectResponse response) =>
        ContentRangeHeaderValue.TryParse(response.ContentRange, out ContentRangeHeaderValue? range) ? range : null;

    private static MemoryStream AsStream(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(content.ToArray(), writable: false);

    // Makes an object visible; false if it is to be absent and is there.
    private Task<bool> WriteAsync(string action, string key, bool onlyIfAbsent, Func<Task> write, CancellationToken cancellationToken) => CallAsync(
        action,
        key,
        () => S3Conflict.RetryAsync(write, onlyIfAbsent ? async () => await StatAsync(key, cancellationToken) is not null : null, cancellationToken),
        cancellationToken);

    private Task<string> BeginMultipartAsync(string key, CancellationToken cancellationToken) => CallAsync("CreateMultipartUpload", key, async () =>
    {
        var request = new InitiateMultipartUploadRequest { BucketName = _driver.Bucket, Key = KeyOf(key) };
        _headers.ApplyTo(request);
        return (await _client.InitiateMultipartUploadAsync(request, cancellationToken)).UploadId;
    }, cancellationToken);

    // Opens a range of an object that must still have an ETag.
    private async Task<Stream> OpenAsync(string key, Oci.ByteRange range, string etag, CancellationToken cancellationToken) =>
        Read(key, await ReadAsync("GetObject", key, token => GetAsync(key, range.First, range.Last, etag, token), cancellationToken), range);

    private S3ReadStream Read(string key, GetObjectResponse response, Oci.ByteRange range) =>
        new($"{_driver.Bucket}/{KeyOf(key)}", response, range.First, range.Length, (position, etag, reading) =>
            ReadAsync("GetObject", key, token => GetAsync(key, position, range.Last, etag, token), reading));

    // A range is always sent: without one, the SDK hashes the whole body with MD5 against an ETag that need not be one.
    private async Task<GetObjectResponse> GetAsync(string key, long first, long? last, string? etag, CancellationToken cancellationToken)
    {
        var range = new Amazon.S3.Model.ByteRange($"bytes={first}-{last}");
        var request = new GetObjectRequest { BucketName = _driver.Bucket, Key = KeyOf(key), ByteRange = range, EtagToMatch = etag };
        GetObjectResponse response = await _client.GetObjectAsync(request, cancellationToken);
        if ((RangeOf(response)?.From ?? 0) == first)
        {
            return response;
        }

        response.Dispose();
        throw new AmazonClientException($"the answer does not begin at {first}, as was asked");
    }

    // Whoever reads is told within a time, however often the SDK would try.
    private Task<T> ReadAsync<T>(string action, string key, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => CallAsync(action, key, async () =>
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(_timeouts.Read);
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await call(budget.Token);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict && tries < MaximumTries)
            {
                // Ceph says so of an object that somebody is writing at this moment, such as a tag that many push; the SDK takes it for final.
                await Task.Delay(tries * ConflictPause, budget.Token);
            }
        }
    }, cancellationToken);

    // The one place where what the SDK throws becomes what the stores above understand.
    private async Task<T> CallAsync<T>(string action, string key, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized && e.ErrorCode != ClocksDiffer)
        {
            throw new StoreException(StoreFailure.Denied, $"S3 refuses {action} on {_driver.Bucket}/{KeyOf(key)}: {e.ErrorCode}", e);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchUpload" or "InvalidPart" or "NoSuchKey")
        {
            throw new StoreException(StoreFailure.Missing, $"S3 has lost what {action} on {_driver.Bucket}/{KeyOf(key)} goes on with: {e.ErrorCode}", e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException or XmlException or OperationCanceledException)
        {
            string reason = e is AmazonServiceException { ErrorCode: { Length: > 0 } code } ? code : e.Message;
            throw new StoreException(StoreFailure.Unavailable, $"S3 fails {action} on {_driver.Bucket}/{KeyOf(key)}: {reason}", e);
        }
    }

    private string KeyOf(string key) => _driver.KeyOf(key);

    private sealed class PartWriter(S3Store store, string key, PartsSoFar before) : IPartWriter
    {
        private readonly List<WrittenPart> _parts = [.. before.Parts];
        private bool _ended;

        public int First { get; } = S3PartNumbers.First(before, isSpread: store._driver.RegionEndpoint is null);

        public PartsSoFar Progress => new(before.Id, [.. _parts.OrderBy(p => p.Number)]);

        public Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => store.CallAsync("UploadPart", key, async () =>
        {
            var request = new UploadPartRequest
            {
                BucketName = store._driver.Bucket,
                Key = store.KeyOf(key),
                UploadId = before.Id,
                PartNumber = number,
                PartSize = content.Length,
                InputStream = AsStream(content),
                UseChunkEncoding = store._driver.RegionEndpoint is null,
                DisablePayloadSigning = store._isTls,
            };
            UploadPartResponse response = await store._client.UploadPartAsync(request, cancellationToken);
            lock (_parts)
            {
                _parts.Add(new WrittenPart(number, response.ETag, content.Length));
            }

            return true;
        }, cancellationToken);

        public Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken)
        {
            IReadOnlyList<WrittenPart> parts = Progress.Parts;
            var request = new CompleteMultipartUploadRequest
            {
                BucketName = store._driver.Bucket,
                Key = store.KeyOf(key),
                UploadId = before.Id,
                PartETags = [.. parts.Select(p => new PartETag(p.Number, p.Tag))],
                IfNoneMatch = onlyIfAbsent ? "*" : null,
            };
            return store.WriteAsync("CompleteMultipartUpload", key, onlyIfAbsent, async () =>
            {
                await S3Multipart.CompleteAsync(store._client, request, parts.Sum(p => p.Size), cancellationToken);
                _ended = true;
            }, cancellationToken);
        }

        public void Leave() => _ended = true;

        public async ValueTask DisposeAsync()
        {
            if (!_ended)
            {
                _ended = true;
                await store.AbortAsync(new UnfinishedObject(key, before.Id, default), CancellationToken.None);
            }
        }
    }
}
