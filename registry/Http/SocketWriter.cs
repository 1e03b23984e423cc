using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// What the server writes to a connection, straight into its socket: a flush ends when the kernel has the bytes. So the kernel can be told to send
/// a file's bytes in between (sendfile(2)), which then do not go through this process.
/// </summary>
/// <remarks>The server writes nothing while a flush is under way. What fails ends the connection.</remarks>
internal sealed partial class SocketWriter : PipeWriter, IDuplexPipe
{
    // Numbers of errors of Linux.
    private const int EINTR = 4;
    private const int EIO = 5;
    private const int EAGAIN = 11;
    private const int EINVAL = 22;

    private readonly ConnectionContext _connection;
    private readonly Socket _socket;
    private readonly Pipe _memory;
    private FilePart? _file;
    private bool _fileIsDue;
    private volatile bool _isFlushing;
    private volatile bool _isOver;

    private SocketWriter(ConnectionContext connection, Socket socket, MemoryPool<byte> pool)
    {
        _connection = connection;
        _socket = socket;
        // Nothing waits for this pipe: each flush empties it.
        _memory = new Pipe(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        Input = connection.Transport.Input;
    }

    public PipeReader Input { get; }

    public PipeWriter Output => this;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _memory.Writer.UnflushedBytes + (_fileIsDue ? _file!.Value.Count : 0);

    /// <summary>Why a file could not be read that was announced; null if it could.</summary>
    public IOException? FileFailure { get; private set; }

    /// <summary>Lets a listener's connections write in this way. Not for TLS, which has to see the bytes.</summary>
    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is not { } socket || connection.Features.Get<IMemoryPoolFeature>() is not { } pool)
        {
            await next(connection);
            return;
        }

        IDuplexPipe transport = connection.Transport;
        var writer = new SocketWriter(connection, socket.Socket, pool.MemoryPool);
        connection.Features.Set(writer);
        connection.Transport = writer;
        try
        {
            await next(connection);
        }
        finally
        {
            writer.Complete();
            connection.Transport = transport;
        }
    };

    /// <summary>Says that a file's bytes are next: the response is to be advanced by as many at once, and flushed.</summary>
    /// <param name="part">Which; at least one.</param>
    public void Announce(FilePart part) => _file = part;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _memory.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (_file is { } file)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(bytes, file.Count);
            _fileIsDue = true;
        }
        else
        {
            _memory.Writer.Advance(bytes);
        }
    }

    /// <returns>Completed if the connection is over. A flush that is cancelled on the way ends it: nobody knows how much was sent.</returns>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _isFlushing = true;
        try
        {
            if (!_isOver)
            {
                await SendMemoryAsync(cancellationToken);
                if (_fileIsDue)
                {
                    await SendFileAsync(_file!.Value, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            _isOver = true;
            _connection.Abort(new ConnectionAbortedException("the connection takes no more bytes", e));
        }
        finally
        {
            _file = null;
            _fileIsDue = false;
            _isFlushing = false;
        }

        return new FlushResult(isCanceled: false, isCompleted: _isOver);
    }

    /// <summary>Never asked for: what the kernel has begun to send cannot be taken back.</summary>
    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
        _isOver = true;
        _memory.Writer.Complete();
        if (!_isFlushing)
        {
            _memory.Reader.Complete();
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(SafeHandle socket, SafeFileHandle file, ref long offset, nint count);

    private async ValueTask SendMemoryAsync(CancellationToken cancellationToken)
    {
        if (_memory.Writer.UnflushedBytes == 0)
        {
            return;
        }

        await _memory.Writer.FlushAsync(CancellationToken.None);
        ReadResult read = await _memory.Reader.ReadAsync(CancellationToken.None);
        ReadOnlySequence<byte> bytes = read.Buffer;
        while (!bytes.IsEmpty)
        {
            int sent = bytes.IsSingleSegment
                ? await _socket.SendAsync(bytes.First, SocketFlags.None, cancellationToken)
                : await _socket.SendAsync(Arrays(bytes), SocketFlags.None);
            bytes = bytes.Slice(sent);
        }

        _memory.Reader.AdvanceTo(bytes.End);
    }

    private async ValueTask SendFileAsync(FilePart part, CancellationToken cancellationToken)
    {
        long next = part.Offset;
        for (long end = part.Offset + part.Count; next < end;)
        {
            nint sent = SendFile(_socket.SafeHandle, part.File, ref next, (nint)(end - next));
            int error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (sent == 0)
            {
                throw FailedBy(new EndOfStreamException("the file is shorter than it was"));
            }

            if (error == EIO)
            {
                throw FailedBy(new IOException("the file cannot be read"));
            }

            // The socket is full, or the file is on a file system that the kernel cannot send from: then a piece is sent from memory, which waits.
            if (error is EAGAIN or EINVAL)
            {
                next += await SendPieceAsync(part with { Offset = next, Count = (int)(end - next) }, cancellationToken);
            }
            else if (error is not 0 and not EINTR)
            {
                throw new IOException($"sendfile(2) failed with error {error}");
            }
        }
    }

    private async ValueTask<int> SendPieceAsync(FilePart part, CancellationToken cancellationToken)
    {
        Memory<byte> memory = GetMemory();
        int read;
        try
        {
            read = RandomAccess.Read(part.File, memory.Span[..Math.Min(memory.Length, part.Count)], part.Offset);
        }
        catch (IOException e)
        {
            throw FailedBy(e);
        }

        if (read == 0)
        {
            throw FailedBy(new EndOfStreamException("the file is shorter than it was"));
        }

        _memory.Writer.Advance(read);
        await SendMemoryAsync(cancellationToken);
        return read;
    }

    private IOException FailedBy(IOException failure) => FileFailure = failure;

    private static List<ArraySegment<byte>> Arrays(ReadOnlySequence<byte> bytes)
    {
        List<ArraySegment<byte>> arrays = [];
        foreach (ReadOnlyMemory<byte> memory in bytes)
        {
            arrays.Add(MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> array) ? array : memory.ToArray());
        }

        return arrays;
    }
}
