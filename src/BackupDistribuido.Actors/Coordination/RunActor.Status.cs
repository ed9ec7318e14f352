using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Coordination;

/// <content>What people see of a run. The promise does not rest on it.</content>
internal sealed partial class RunActor
{
    private readonly Dictionary<NodeName, long> _received = [];
    private readonly Dictionary<NodeName, long> _sent = [];
    private readonly Dictionary<NodeName, long> _done = [];
    private readonly Dictionary<NodeName, (long Bytes, long Files)> _progress = [];
    private readonly ProgressMeter _meter = new();
    private ImmutableHashSet<NodeName>? _holders;

    /// <summary>What the tree has, by the last that is known of it.</summary>
    private TreeTotals Tree =>
        _state.Seal?.Totals is { } sealedTree && !IsCatchUp ? sealedTree : _registration.Totals ?? default;

    private void NoteProgress(FilesVerified verified)
    {
        var files = verified.Files.Sum(range => Math.Clamp(range.Last - range.First + 1, 0, int.MaxValue));
        _progress[verified.Destination] = (verified.Bytes,
            Math.Min(_registration.Totals?.Files ?? 0,
                _progress.GetValueOrDefault(verified.Destination).Files + files));
    }

    private void NoteProgress(ReplicaReport report)
    {
        // A destination that was started again counts from 0.
        if (_received.TryGetValue(report.Destination, out var before) && report.Received < before)
            _sent[report.Destination] = _sent.GetValueOrDefault(report.Destination) + before;
        (_received[report.Destination], _said[report.Destination]) = (report.Received, report);
        // An older one does not say how much of the tree it has: what came over links, or what it has verified, is the
        // most that is known.
        _done[report.Destination] = report.Done
            ?? Math.Max(report.Received, _progress.GetValueOrDefault(report.Destination).Bytes);
    }

    /// <summary>How far the run is now, and each of its destinations.</summary>
    private (RunProgress Run, ImmutableDictionary<NodeName, CopyProgress> Copies) Measure()
    {
        // Those who have the snapshot already bring it to the others: nothing of it is progress.
        _holders ??= IsCatchUp
            ? [.. _state.Members.Values.Where(member => member.Standing == MemberStanding.Stored)
                .Select(member => member.Name)] : [];
        var (now, bytes) = (Stopwatch.GetElapsedTime(_begun), Tree.Bytes);
        foreach (var gone in _state.Members.Values.Where(member => member.Standing is MemberStanding.Away
            or MemberStanding.Failed)) _done.Remove(gone.Name);
        var copies = _state.Members.Values.ToImmutableDictionary(member => member.Name,
            member =>
                _meter.Copy(new CopyDone(member.Name, member.Standing, _done.GetValueOrDefault(member.Name)), bytes,
                    now));
        var wanted = copies.Where(copy => !_holders.Contains(copy.Key)).Select(copy => copy.Value).ToList();
        var taking = wanted.Count(copy => copy.Standing is not (MemberStanding.Away or MemberStanding.Failed));
        var isReached = IsCatchUp
            ? taking > 0 && wanted.Count(copy => copy.Standing == MemberStanding.Stored) == taking : _state.IsProtected;
        return (_meter.At(wanted, bytes, Math.Max(1, IsCatchUp ? taking : _state.Required), isReached, _state.IsPaused,
            Wait()), copies);
    }

    private void PublishStatus()
    {
        // The first plan is a moment away, and who looks sees both at once.
        if (!_isGathering || _end is not null) Context.Parent.Tell(Status());
    }

    private RunStatusChanged Status()
    {
        var (progress, copies) = Measure();
        return new(new RunStatus(_state.Run, _state.Origin, _state.Snapshot,
            _state.IsProtected
                ? RunPhase.Protected : _state.IsPaused
                ? RunPhase.Paused : _state.IsQuiet ? RunPhase.Waiting : RunPhase.Copying,
            _state.Copies, _state.Required, progress.Of(Tree.Bytes), Tree.Bytes, _plan is null
                ? "" : $"{_plan.Drawn} ({_plan.Why})",
            [.. _state.Members.Values.Take(RunStatus.MostMembers)
                .Select(member => MemberStatus(member, copies[member.Name]))], IsCatchUp
                ? _state.Root : null, Tree.Files, progress), _end);
    }

    /// <summary>Only the origin has the names.</summary>
    private void Ask(AskFiles ask)
    {
        if (IsCatchUp || _end is not null) Sender.Tell(new FilesAnswer(FilePage.Without(IsCatchUp ? "Another destination brings this snapshot; what is where shows at the end." : "The run is over.")));
        else _origin.Forward(ask);
    }

    private RunMemberStatus MemberStatus(RunMember member, CopyProgress copy)
    {
        var (bytes, files) = _progress.GetValueOrDefault(member.Name);
        return new RunMemberStatus(member.Name, member.Standing, member.Reason, _plan?.ParentOf(member.Name)?.Name,
            bytes, _received.GetValueOrDefault(member.Name), files, copy);
    }

    /// <summary>For the live view of this coordinator.</summary>
    private void SayProgress()
    {
        var (progress, copies) = Measure();
        _report(new DeliveryProgress(_state.Origin, _state.Run, progress, Tree,
            copies.RemoveRange(copies.Where(copy => copy.Value.Standing is MemberStanding.Failed or MemberStanding.Away)
                .Select(copy => copy.Key))));
    }

    private static MemberReport Reported(RunMember member, CopyProgress copy) =>
        new(member.Name, member.Standing, member.Reason, member.Disk, copy.Done, copy, member.Identity,
            member.Shortfall.Limits.HasFlag(ReplicaLimits.Names));
}
