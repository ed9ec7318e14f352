using System.Collections.Immutable;

namespace BackupDistribuido.Streams.Buffers;

/// <summary>
/// One or more whole frames of one direction, by growing position in one leased buffer: what travels through the
/// streams. A parcel is handed over with one reference to its lease, and whoever gets it releases it exactly once; its
/// memory must not be touched afterwards.
/// </summary>
public sealed class Parcel
{
    /// <summary>Takes over one reference to <paramref name="lease"/>.</summary>
    public Parcel(Lease lease, ImmutableArray<FrameSlice> frames)
    {
        if (frames.IsDefaultOrEmpty) throw new ArgumentException("A parcel has at least one frame.", nameof(frames));
        (Lease, Frames) = (lease, frames);
    }

    internal Lease Lease { get; }

    /// <summary>The frames, in the order of the wire.</summary>
    public ImmutableArray<FrameSlice> Frames { get; }

    /// <summary>Bytes of all its frames, headers included.</summary>
    public long Length => Frames.Sum(slice => (long)slice.End - slice.Start);

    /// <summary>The frame's payload.</summary>
    public ReadOnlyMemory<byte> Payload(in FrameSlice slice) =>
        Lease.Memory.Slice(slice.PayloadStart, slice.Frame.PayloadLength);

    /// <summary>The bytes of all its frames, headers included, as few runs of memory as there are: one, unless the
    /// parcel is a selection.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Runs()
    {
        var start = Frames[0].Start;
        var end = start;
        foreach (var slice in Frames)
        {
            if (slice.Start != end)
            {
                yield return Lease.Memory[start..end];
                start = slice.Start;
            }
            end = slice.End;
        }
        yield return Lease.Memory[start..end];
    }

    /// <summary>Some of its frames as a parcel with a reference of its own; nothing is copied.</summary>
    public Parcel Select(ImmutableArray<FrameSlice> wanted) => new(Lease.Retain(), wanted);

    /// <summary>Adds a reference, for one more holder of this parcel.</summary>
    public Parcel Retain()
    {
        Lease.Retain();
        return this;
    }

    /// <summary>Gives one reference back.</summary>
    public void Release() => Lease.Release();
}
