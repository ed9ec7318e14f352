using System.Collections.Immutable;
using System.Diagnostics;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.FanOut;

/// <summary>One branch's queue and state. Everything but <see cref="Wanted"/> is called under the fan-out's
/// lock.</summary>
internal sealed class Branch(string name, BranchOptions options)
{
    private readonly Queue<Parcel> _waiting = new();
    private Lease? _newest;
    private long _held;
    private bool _hungry;
    private long _progressAt = Stopwatch.GetTimestamp();

    public string Name => name;

    public bool IsEnded { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>No more will come; the branch completes when the queue is empty.</summary>
    public bool IsDraining { get; private set; }

    public bool IsFull => !IsEnded && _held >= options.BufferBytes;

    /// <summary>Tells the consumer's stage that there is something to take, or that the branch has ended.</summary>
    public Action? Wake { get; set; }

    public bool IsMaterialised { get; set; }

    /// <summary>The part of the parcel that this branch wants, with a reference of its own; null: nothing of
    /// it.</summary>
    public Parcel? Wanted(Parcel parcel)
    {
        if (options.Wants is not { } wants) return parcel.Retain();
        var wanted = ImmutableArray.CreateBuilder<FrameSlice>(parcel.Frames.Length);
        foreach (var slice in parcel.Frames)
        {
            if (wants(slice.Frame, parcel.Payload(slice))) wanted.Add(slice);
        }
        return wanted.Count == 0 ? null
            : wanted.Count == parcel.Frames.Length ? parcel.Retain()
            : parcel.Select(wanted.ToImmutable());
    }

    public void Put(Parcel parcel)
    {
        if (_waiting.Count == 0) _progressAt = Stopwatch.GetTimestamp();
        _waiting.Enqueue(parcel);
        // Parcels of one buffer follow each other, so comparing neighbours counts every buffer once.
        if (!ReferenceEquals(parcel.Lease, _newest)) _held += parcel.Lease.Length;
        _newest = parcel.Lease;
        if (!_hungry) return;
        _hungry = false;
        Wake?.Invoke();
    }

    public Parcel? Take()
    {
        _progressAt = Stopwatch.GetTimestamp();
        _hungry = !_waiting.TryDequeue(out var parcel);
        if (parcel is null) return null;
        if (!_waiting.TryPeek(out var next)) (_held, _newest) = (0, null);
        else if (!ReferenceEquals(next.Lease, parcel.Lease)) _held -= parcel.Lease.Length;
        if (IsDraining && _waiting.Count == 0) IsEnded = true;
        return parcel;
    }

    /// <summary>True when it held the others up, or the end of all, for longer than it may.</summary>
    public bool IsStalled =>
        !IsEnded && (IsFull || IsDraining) && options.ProgressDeadline is { } limit
            && Stopwatch.GetElapsedTime(_progressAt) > limit;

    public TimeSpan? ProgressDeadline => options.ProgressDeadline;

    public void Drain()
    {
        IsDraining = true;
        _progressAt = Stopwatch.GetTimestamp();
        if (_waiting.Count == 0) End(null);
    }

    public void End(Exception? failure)
    {
        if (IsEnded) return;
        IsEnded = true;
        Failure = failure;
        while (_waiting.TryDequeue(out var parcel)) parcel.Release();
        (_held, _newest) = (0, null);
        Wake?.Invoke();
    }
}
