using System.Collections.Immutable;
using Akka;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.FanOut;

/// <summary>
/// Gives every parcel of one inlet to any number of branches, which come and go while it runs. Each branch has its own
/// bounded queue, progress deadline and filter; one that stalls, fails or cancels is dropped with a reason and never
/// stops the others. Without branches parcels are dropped. Nothing is copied. Safe from any thread.
/// </summary>
/// <param name="branchLost">
/// Told once for each branch that ended otherwise than by the inlet's end or <see cref="Detach"/>, with the reason; on
/// a stream's thread, so it must not block.
/// </param>
public sealed class ParcelFanOut(Action<string, Exception> branchLost)
{
    private readonly Lock _gate = new();
    private ImmutableArray<Branch> _branches = [];
    private Action? _wakeInlet;
    private bool _inletWaits;
    private bool _ended;
    private Exception? _failure;

    /// <summary>
    /// The inlet, to be materialised once. Its task completes when the upstream did and every branch took all that was
    /// for it or was dropped; it fails with the upstream.
    /// </summary>
    public Sink<Parcel, Task<Done>> Inlet => Sink.FromGraph(new FanOutStage(this));

    /// <summary>
    /// Adds a branch: from now on parcels wait for it, and its deadline runs, whether or not the source is materialised
    /// yet. To be materialised once.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a branch of this name.</exception>
    public Source<Parcel, NotUsed> Attach(string name, BranchOptions options)
    {
        var branch = new Branch(name, options);
        lock (_gate)
        {
            if (_branches.Any(b => b.Name == name))
                throw new InvalidOperationException($"There is a branch '{name}' already.");
            if (_ended) branch.End(_failure);
            else _branches = _branches.Add(branch);
        }
        return Source.FromGraph(new BranchStage(this, branch));
    }

    /// <summary>Takes a branch away, if it is still there: what waits for it is dropped and its source completes. That
    /// is no loss.</summary>
    public void Detach(string name)
    {
        Branch? branch;
        lock (_gate) branch = _branches.FirstOrDefault(b => b.Name == name);
        if (branch is not null) End(branch, null);
    }

    /// <summary>The names of the branches that are there.</summary>
    public ImmutableArray<string> Branches
    {
        get
        {
            lock (_gate) return [.. _branches.Select(b => b.Name)];
        }
    }

    internal bool IsDrained
    {
        get
        {
            lock (_gate) return _ended && _branches.IsEmpty;
        }
    }

    internal void OpenInlet(Action wake)
    {
        lock (_gate)
        {
            if (_wakeInlet is not null)
                throw new InvalidOperationException("The inlet of a fan-out is materialised once.");
            _wakeInlet = wake;
        }
    }

    /// <summary>True when no branch is full; otherwise the inlet is woken when that may have changed.</summary>
    internal bool HasRoom()
    {
        lock (_gate)
        {
            _inletWaits = _branches.Any(b => b.IsFull);
            return !_inletWaits;
        }
    }

    internal void Give(Parcel parcel)
    {
        foreach (var branch in _branches)
        {
            try
            {
                if (branch.Wanted(parcel) is { } wanted) Put(branch, wanted);
            }
            catch (Exception e)
            {
                Lose(branch, e);
            }
        }
    }

    internal void CompleteInlet()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var branch in _branches) branch.Drain();
            RemoveEnded();
        }
    }

    internal void FailInlet(Exception failure)
    {
        lock (_gate)
        {
            if (_ended && _branches.IsEmpty) return;
            (_ended, _failure) = (true, failure);
            foreach (var branch in _branches) branch.End(failure);
            RemoveEnded();
        }
    }

    internal void DropStalled()
    {
        foreach (var branch in _branches)
        {
            bool stalled;
            lock (_gate) stalled = branch.IsStalled;
            if (stalled)
                Lose(branch,
                    new LinkException(ErrorCode.Silence,
                        LinkReason.ChildTookNothing(branch.Name, branch.ProgressDeadline!.Value)));
        }
    }

    internal void Connect(Branch branch, Action wake)
    {
        lock (_gate)
        {
            if (branch.IsMaterialised)
                throw new InvalidOperationException($"The branch '{branch.Name}' is materialised once.");
            branch.IsMaterialised = true;
            branch.Wake = wake;
        }
    }

    /// <summary>The next parcel, if there is one, and the branch's state after it.</summary>
    internal Taken Take(Branch branch)
    {
        lock (_gate)
        {
            var parcel = branch.Take();
            if (branch.IsEnded) RemoveEnded();
            else WakeInlet();
            return new Taken(parcel, branch.IsEnded, branch.Failure);
        }
    }

    /// <summary>What is the branch's state, when its consumer wants nothing just now?</summary>
    internal Taken Look(Branch branch)
    {
        lock (_gate) return new Taken(null, branch.IsEnded, branch.Failure);
    }

    /// <summary>The branch is over, for this reason, unless it was over before.</summary>
    internal void Lose(Branch branch, Exception reason)
    {
        if (End(branch, reason)) branchLost(branch.Name, reason);
    }

    private void Put(Branch branch, Parcel parcel)
    {
        lock (_gate)
        {
            if (branch.IsEnded) parcel.Release();
            else branch.Put(parcel);
        }
    }

    private bool End(Branch branch, Exception? failure)
    {
        lock (_gate)
        {
            if (branch.IsEnded) return false;
            branch.End(failure);
            RemoveEnded();
            return true;
        }
    }

    private void RemoveEnded()
    {
        _branches = _branches.RemoveAll(b => b.IsEnded);
        if (_ended) _wakeInlet?.Invoke();
        else WakeInlet();
    }

    private void WakeInlet()
    {
        if (!_inletWaits || _branches.Any(b => b.IsFull)) return;
        _inletWaits = false;
        _wakeInlet?.Invoke();
    }

    internal readonly record struct Taken(Parcel? Parcel, bool IsEnd, Exception? Failure);
}
