using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Runs;

/// <summary>How far a run is, and each of its destinations.</summary>
public sealed record RunMeasure(RunProgress Run, ImmutableDictionary<NodeName, CopyProgress> Copies)
{
    /// <summary>Without those that are lost to the run.</summary>
    public ImmutableDictionary<NodeName, CopyProgress> Taking() => Copies.RemoveRange(Copies
        .Where(copy => copy.Value.Standing is MemberStanding.Failed or MemberStanding.Away).Select(copy => copy.Key));
}

/// <summary>
/// Destinations' reports of themselves in a run, in figures, for display. The promise does not depend on them. No
/// clock: times are given, from a clock that only goes forward.
/// </summary>
public sealed class RunFigures
{
    private readonly Dictionary<NodeName, long> _received = [];
    private readonly Dictionary<NodeName, long> _before = [];
    private readonly Dictionary<NodeName, long> _done = [];
    private readonly Dictionary<NodeName, (long Bytes, long Files)> _verified = [];
    private readonly Dictionary<NodeName, ReplicaReport> _said = [];
    private readonly ProgressMeter _meter = new();
    private ImmutableHashSet<NodeName>? _givers;

    /// <summary>A destination has verified files of a tree that has so many.</summary>
    public void Note(FilesVerified verified, long treeFiles)
    {
        var files = verified.Files.Sum(range => Math.Clamp(range.Last - range.First + 1, 0, int.MaxValue));
        var known = _verified.GetValueOrDefault(verified.Destination).Files;
        _verified[verified.Destination] = (verified.Bytes, Math.Min(treeFiles, known + files));
    }

    /// <summary>A destination reports.</summary>
    public void Note(ReplicaReport report)
    {
        var name = report.Destination;
        // A destination that was started again counts from 0.
        if (_received.TryGetValue(name, out var before) && report.Received < before)
        {
            _before[name] = _before.GetValueOrDefault(name) + before;
        }
        (_received[name], _said[name]) = (report.Received, report);
        // An older one does not report how much of the tree it has: the bytes from links, or the verified ones, are the
        // best available value.
        _done[name] = report.Done ?? Math.Max(report.Received, VerifiedAt(name));
    }

    /// <summary>The destination of that name goes on under another one.</summary>
    public void Forget(NodeName name)
    {
        _received.Remove(name);
        _verified.Remove(name);
        _done.Remove(name);
    }

    /// <summary>Its last report; null: it has made none.</summary>
    public ReplicaReport? ReportOf(NodeName name) => _said.GetValueOrDefault(name);

    /// <summary>Bytes of the files that it has verified.</summary>
    public long VerifiedAt(NodeName name) => _verified.GetValueOrDefault(name).Bytes;

    /// <summary>Content bytes that links have brought it in this run, in all of its lives.</summary>
    public long SentTo(NodeName name) => _before.GetValueOrDefault(name) + _received.GetValueOrDefault(name);

    /// <summary>How far the run is at that moment.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tree">The totals of the tree.</param>
    /// <param name="wait">Its wait; null: none.</param>
    /// <param name="now">The moment.</param>
    public RunMeasure Measure(RunState run, TreeTotals tree, RunWait? wait, TimeSpan now)
    {
        _givers ??= [.. run.Content.Givers(run)];
        var members = run.Members.Values;
        foreach (var gone in members.Where(one => one.Standing is MemberStanding.Away or MemberStanding.Failed))
        {
            _done.Remove(gone.Name);
        }
        var copies = members.ToImmutableDictionary(member => member.Name, Copy);
        var wanted = copies.Where(copy => !_givers.Contains(copy.Key)).Select(copy => copy.Value).ToList();
        var goal = run.Content.Goal(run, wanted);
        return new RunMeasure(_meter.At(wanted, tree.Bytes, goal.Copies, goal.IsReached, run.IsPaused, wait), copies);

        CopyProgress Copy(RunMember member) => _meter.Copy(
            new CopyDone(member.Name, member.Standing, _done.GetValueOrDefault(member.Name)), tree.Bytes, now);
    }

    /// <summary>One destination for display.</summary>
    public RunMemberStatus Status(RunMember member, CopyProgress copy, DeliveryPlan? plan)
    {
        var (bytes, files) = _verified.GetValueOrDefault(member.Name);
        return new RunMemberStatus(member.Name, member.Standing, member.Reason, plan?.ParentOf(member.Name)?.Name,
            bytes, _received.GetValueOrDefault(member.Name), files, copy);
    }
}
