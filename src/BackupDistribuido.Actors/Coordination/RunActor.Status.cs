using System.Collections.Immutable;
using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>What people see of a run. The promise does not rest on it.</content>
internal sealed partial class RunActor
{
    private readonly Dictionary<NodeName, long> _received = [];
    private readonly Dictionary<NodeName, (long Bytes, long Files)> _progress = [];

    private void NoteProgress(FilesVerified verified)
    {
        var files = verified.Files.Sum(range => Math.Clamp(range.Last - range.First + 1, 0, int.MaxValue));
        _progress[verified.Destination] = (verified.Bytes, Math.Min(_registration.Totals?.Files ?? 0, _progress.GetValueOrDefault(verified.Destination).Files + files));
    }

    private void PublishStatus()
    {
        // The first plan is a moment away, and who looks sees both at once.
        if (!_isGathering || _end is not null) Context.Parent.Tell(Status());
    }

    private RunStatusChanged Status() => new(new RunStatus(_state.Run, _state.Origin, _state.Snapshot,
        _state.IsProtected ? RunPhase.Protected : _state.IsPaused ? RunPhase.Paused : _state.IsQuiet ? RunPhase.Waiting : RunPhase.Copying,
        _state.Copies, _state.Required, _sent.Bytes, _registration.Totals?.Bytes ?? 0, _plan is null ? "" : $"{_plan.Drawn} ({_plan.Why})",
        [.. _state.Members.Values.Take(RunStatus.MostMembers).Select(member => MemberStatus(member, _plan?.ParentOf(member.Name)?.Name))], IsCatchUp ? _state.Root : null, _registration.Totals?.Files ?? 0), _end is not null);

    /// <summary>Only the origin has the names.</summary>
    private void Ask(AskFiles ask)
    {
        if (IsCatchUp || _end is not null) Sender.Tell(new FilesAnswer(FilePage.Without(IsCatchUp ? "Another destination brings this snapshot; what is where shows at the end." : "The run is over.")));
        else _origin.Forward(ask);
    }

    private RunMemberStatus MemberStatus(RunMember member, NodeName? parent)
    {
        var (bytes, files) = _progress.GetValueOrDefault(member.Name);
        return new RunMemberStatus(member.Name, member.Standing, member.Reason, parent, bytes, _received.GetValueOrDefault(member.Name), files);
    }

    /// <summary>For the live view of this coordinator.</summary>
    private void SayProgress() => _report(new DeliveryProgress(_sent, _registration.Totals ?? default,
        _state.Members.Values.Where(member => member.Standing is not (MemberStanding.Failed or MemberStanding.Away))
            .ToImmutableDictionary(member => member.Name, member => MemberStatus(member, null).Done(_registration.Totals?.Bytes ?? 0)), _state.Run));

    private MemberReport Reported(RunMember member) => new(member.Name, member.Standing, member.Reason, member.Disk, MemberStatus(member, null).Done(_registration.Totals?.Bytes ?? 0));
}
