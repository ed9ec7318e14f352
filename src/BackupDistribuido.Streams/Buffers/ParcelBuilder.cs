using System.Buffers;
using System.Collections.Immutable;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Buffers;

/// <summary>
/// Packs frames into parcels: many small ones in one, and a file's content read straight into its place. For one
/// thread. The sender's loop is: while there is <see cref="HasRoomFor"/> the next frame, append it; else
/// <see cref="Take"/> the parcel first. After a Take every legal frame has room.
/// </summary>
public sealed class ParcelBuilder(BufferPool pool) : IDisposable
{
    /// <summary>Less free space than this is not worth a DATA frame.</summary>
    private const int SmallestRest = 64 * 1024;

    private readonly ImmutableArray<FrameSlice>.Builder _frames = ImmutableArray.CreateBuilder<FrameSlice>();
    private readonly HeaderSpace _header = new();
    private Lease? _lease;
    private int _end;
    private FrameSlice? _reserved;

    /// <summary>True while there is nothing to take.</summary>
    public bool IsEmpty => _frames.Count == 0;

    /// <summary>True when the parcel should be taken: there is only a small rest free.</summary>
    public bool IsFull => Free < SmallestRest;

    /// <summary>Most bytes of content that <see cref="ReserveData"/> can take now: 0 to
    /// <see cref="WireLimits.DataBytes"/>.</summary>
    public int DataRoom => Math.Clamp(Free - WireLimits.HeaderBytes, 0, WireLimits.DataBytes);

    private int Free => BufferPool.BufferBytes - _end;

    /// <summary>Does a frame with this payload fit in the parcel?</summary>
    public bool HasRoomFor(int payloadLength) => Free - WireLimits.HeaderBytes >= payloadLength;

    /// <summary>Adds a frame and its payload.</summary>
    /// <exception cref="ArgumentException">The payload is not as long as the frame says.</exception>
    /// <exception cref="InvalidOperationException">There is no room for it, or a reservation is open.</exception>
    public void Append(Frame frame, ReadOnlySpan<byte> payload = default)
    {
        if (payload.Length != frame.PayloadLength)
            throw new ArgumentException($"The frame announces {frame.PayloadLength} bytes, not {payload.Length}.",
                nameof(payload));
        var slice = Begin(frame);
        payload.CopyTo(_lease!.Memory.Span[slice.PayloadStart..]);
        Add(slice);
    }

    /// <summary>
    /// Writes the header of a DATA frame of exactly <paramref name="length"/> bytes and gives the memory that its
    /// content must be read into. It counts from <see cref="Commit"/> on; <see cref="Rollback"/> forgets it (the file
    /// turned out to be shorter).
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no room for it, or a reservation is open.</exception>
    public Memory<byte> ReserveData(long entry, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, WireLimits.DataBytes);
        var slice = Begin(new DataFrame(entry, offset, length));
        _reserved = slice;
        return _lease!.Memory.Slice(slice.PayloadStart, length);
    }

    /// <summary>The reserved frame's content is in its place.</summary>
    public void Commit()
    {
        Add(_reserved ?? throw new InvalidOperationException("Nothing is reserved."));
        _reserved = null;
    }

    /// <summary>The reserved frame is forgotten.</summary>
    public void Rollback()
    {
        if (_reserved is null) throw new InvalidOperationException("Nothing is reserved.");
        _reserved = null;
    }

    /// <summary>Hands over what was appended; null when there is nothing. The rest of the buffer is used on where the
    /// largest frame still fits.</summary>
    public Parcel? Take()
    {
        if (_reserved is not null) throw new InvalidOperationException("A reservation is open.");
        if (IsEmpty) return null;
        var parcel = new Parcel(_lease!.Retain(), _frames.DrainToImmutable());
        if (Free < WireLimits.FrameBytes) GiveUpLease();
        return parcel;
    }

    /// <summary>Forgets what was not taken.</summary>
    public void Dispose()
    {
        _reserved = null;
        _frames.Clear();
        GiveUpLease();
    }

    private FrameSlice Begin(Frame frame)
    {
        if (_reserved is not null) throw new InvalidOperationException("A reservation is open.");
        if (!HasRoomFor(frame.PayloadLength))
            throw new InvalidOperationException("The parcel has no room for this frame.");
        _lease ??= pool.Rent();
        _header.Reset(_lease.Memory[_end..]);
        FrameWriter.WriteHeader(frame, _header);
        return new FrameSlice(frame, _end, _header.Written);
    }

    private void Add(FrameSlice slice)
    {
        _frames.Add(slice);
        _end = slice.End;
    }

    private void GiveUpLease()
    {
        _lease?.Release();
        _lease = null;
        _end = 0;
    }

    private sealed class HeaderSpace : IBufferWriter<byte>
    {
        private Memory<byte> _space;

        public int Written { get; private set; }

        public void Reset(Memory<byte> space) => (_space, Written) = (space, 0);

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => _space[Written..];

        public Span<byte> GetSpan(int sizeHint = 0) => _space.Span[Written..];
    }
}
