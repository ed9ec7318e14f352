using System.Diagnostics;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>
/// Where one stream puts parcels and another takes them: one at a time lies between, so a taker that is slow stops the
/// giver. Each side is told what became of the other. Safe from any thread.
/// </summary>
internal sealed class HandOver
{
    private readonly Lock _gate = new();
    private Parcel? _waiting;
    private Action _wakeGiver = () => { };
    private Action _wakeTaker = () => { };
    private Exception? _giverFails, _takerFails;
    private bool _hasEnded;
    private bool _isTaken;
    private bool _isBusy;
    private long _busySince;
    private long _busyTicks;
    private long _bytes;

    /// <summary>Bytes that were taken, and the time in which some waited or were worked on.</summary>
    public WireUse Use
    {
        get
        {
            lock (_gate)
            {
                var ticks = _busyTicks + (_isBusy ? Stopwatch.GetTimestamp() - _busySince : 0);
                return new WireUse(_bytes, Stopwatch.GetElapsedTime(0, ticks));
            }
        }
    }

    /// <summary>The giver is there; it is woken when there may be room, or the end.</summary>
    public void ConnectGiver(Action wake)
    {
        lock (_gate) _wakeGiver = wake;
    }

    /// <summary>The taker is there; it is woken when there may be a parcel, or the end.</summary>
    public void ConnectTaker(Action wake)
    {
        lock (_gate) _wakeTaker = wake;
    }

    /// <summary>Puts a parcel there, with its reference. There must be room.</summary>
    public void Give(Parcel parcel)
    {
        lock (_gate)
        {
            if (_giverFails is not null || _takerFails is not null)
            {
                parcel.Release();
                return;
            }
            if (_waiting is not null) throw new InvalidOperationException("The parcel before was not taken.");
            _waiting = parcel;
            if (!_isBusy) (_isBusy, _busySince) = (true, Stopwatch.GetTimestamp());
            _wakeTaker();
        }
    }

    /// <summary>Nothing more comes behind what lies there.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _wakeTaker();
        }
    }

    /// <summary>What the giver may do.</summary>
    public (bool HasRoom, bool IsAllTaken, Exception? Failure) LookAsGiver()
    {
        lock (_gate) return (_waiting is null, _isTaken, _giverFails);
    }

    /// <summary>The next parcel, where one lies there; else whether all is taken, and what the taker is to fail with.
    /// </summary>
    /// <param name="wants">Whether a parcel is wanted; else it stays there.</param>
    public (Parcel? Parcel, bool IsEnd, Exception? Failure) Take(bool wants)
    {
        lock (_gate)
        {
            if (_takerFails is not null) return (null, true, _takerFails);
            if (wants && _waiting is { } parcel)
            {
                _waiting = null;
                _bytes += parcel.Length;
                _wakeGiver();
                return (parcel, false, null);
            }
            // Whoever asks for the next one is done with the one before.
            if (wants && _isBusy)
            {
                _isBusy = false;
                _busyTicks += Stopwatch.GetTimestamp() - _busySince;
            }
            if (_waiting is not null || !_hasEnded) return (null, false, null);
            _isTaken = true;
            _wakeGiver();
            return (null, true, null);
        }
    }

    /// <summary>Ends it for both, with what each is to fail with; nothing where it has ended before.</summary>
    public void Break(Exception giverFails, Exception takerFails)
    {
        lock (_gate)
        {
            if (_isTaken || _giverFails is not null) return;
            (_giverFails, _takerFails) = (giverFails, takerFails);
            _waiting?.Release();
            _waiting = null;
            _wakeGiver();
            _wakeTaker();
        }
    }
}
