using System.Collections.Immutable;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Framing;

/// <summary>
/// Received bytes in, parcels of whole frames out, for what follows the greeting in one direction; no socket and no
/// stage. Bytes are received into <see cref="Space"/>, in the place where they stay; only the unfinished tail of a full
/// buffer is copied, to the front of the next. Nothing is ever allocated for an announced size. For one thread.
/// </summary>
public sealed class ParcelDecoder(BufferPool pool, Direction direction, LinkProfile profile) : IDisposable
{
    /// <summary>A buffer with less free space than this, and next to nothing to copy out of it, is left for a fresh
    /// one.</summary>
    private const int SmallestRead = 64 * 1024;
    private const int CheapCopy = 4 * 1024;

    private readonly ImmutableArray<FrameSlice>.Builder _whole = ImmutableArray.CreateBuilder<FrameSlice>();
    private Lease? _lease;
    private int _parsed;
    private int _filled;
    private FrameSlice? _unfinished;
    private bool _closed;
    private Exception? _violation;

    /// <summary>Where the next bytes are to be received; never empty. Who goes on receiving after <see cref="Dispose"/>
    /// retains the <paramref name="lease"/>.</summary>
    /// <exception cref="ProtocolException">What was received last breaks the protocol.</exception>
    /// <exception cref="LinkException">The other side sent ERROR.</exception>
    public Memory<byte> Space(out Lease lease)
    {
        if (_violation is not null) throw _violation;
        if (_lease is null)
        {
            _lease = pool.Rent();
        }
        else if (!HasUsefulSpace())
        {
            MoveTail();
        }
        lease = _lease;
        return lease.Memory[_filled..];
    }

    /// <summary>
    /// Takes note that <paramref name="received"/> bytes are in <see cref="Space"/> now, and gives the frames that are
    /// whole; null when more bytes are wanted.
    /// </summary>
    /// <exception cref="ProtocolException">The bytes break the protocol. Whole frames before the breach are given
    /// first.</exception>
    /// <exception cref="LinkException">The other side sent ERROR.</exception>
    public Parcel? Take(int received)
    {
        _filled += received;
        try
        {
            while (NextFrame() is { } slice) _whole.Add(slice);
        }
        catch (Exception e) when (e is ProtocolException or LinkException)
        {
            _violation = e;
            if (_whole.Count == 0) throw;
        }
        return _whole.Count == 0 ? null : new Parcel(_lease!.Retain(), _whole.DrainToImmutable());
    }

    /// <summary>The input has ended: is it allowed to?</summary>
    /// <exception cref="ProtocolException">It ended within a frame, or before the frame that closes the conversation
    /// (SEAL down, DONE up).</exception>
    public void End()
    {
        if (_violation is not null) throw _violation;
        if (_filled > _parsed)
            throw new ProtocolException(ErrorCode.Truncated, "the input ended in the middle of a frame");
        if (!_closed)
            throw new ProtocolException(ErrorCode.Truncated,
                $"the input ended before {(direction == Direction.Down ? "SEAL" : "DONE")}");
    }

    /// <summary>Whether the last frame has come that the other side says: nothing but an ERROR may follow.</summary>
    public bool IsOver => _closed && (direction == Direction.Up || (profile.Version >= 2 && !profile.HasContent));

    /// <summary>Gives the buffer back, and what is unfinished in it up.</summary>
    public void Dispose()
    {
        _lease?.Release();
        _lease = null;
        _violation ??= new ObjectDisposedException(nameof(ParcelDecoder));
    }

    private FrameSlice? NextFrame()
    {
        if (_filled == _parsed) return null;
        if (_unfinished is not { } slice)
        {
            if (!FrameReader.TryRead(_lease!.Memory.Span[_parsed.._filled], direction, out var frame,
                out var headerLength, profile.Version)) return null;
            Check(frame);
            slice = new FrameSlice(frame, _parsed, headerLength);
        }
        var whole = slice.End <= _filled;
        _unfinished = whole ? null : slice;
        if (!whole) return null;
        _parsed = slice.End;
        _closed |= slice.Frame is SealFrame or DoneFrame;
        return slice;
    }

    private void Check(Frame frame)
    {
        if (frame is ErrorFrame error) throw new LinkException(error);
        if (frame is HelloFrame or WelcomeFrame) throw new ProtocolException(ErrorCode.Order, "a second greeting");
        if (IsOver)
            throw new ProtocolException(ErrorCode.Order,
                $"a frame after {(direction == Direction.Down ? "SEAL" : "DONE")}");
        if (frame is WantFrame or LackFrame && !profile.HasContent)
            throw new ProtocolException(ErrorCode.Order, "content by digest is not in force");
        if (direction == Direction.Down && (_closed ? !MayFollowSeal(frame) : frame is LackFrame))
            throw new ProtocolException(ErrorCode.Order,
                $"a frame that may not come {(_closed ? "behind" : "before")} SEAL");
    }

    // In version 1 the receiver of SEAL judges what follows it.
    private bool MayFollowSeal(Frame frame) =>
        profile.Version < 2 || frame is DataFrame or HoleFrame or EndFrame or LackFrame or AliveFrame;

    private bool HasUsefulSpace()
    {
        var free = _lease!.Length - _filled;
        var fits = (_unfinished?.End ?? _parsed + WireLimits.HeaderBytes) <= _lease.Length;
        return free > 0 && fits && (free >= SmallestRead || _filled - _parsed > CheapCopy);
    }

    private void MoveTail()
    {
        var next = pool.Rent();
        _lease!.Memory.Span[_parsed.._filled].CopyTo(next.Memory.Span);
        _lease.Release();
        _lease = next;
        _unfinished = _unfinished is { } slice ? slice with { Start = 0 } : null;
        (_parsed, _filled) = (0, _filled - _parsed);
    }
}
