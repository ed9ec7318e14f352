using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Runs.Pace;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Storage.Layout;

namespace BackupDistribuido.Actors.Origin;

/// <summary>
/// What an origin hears of the members of its run, and reports to its owner: whose copies count, which ones are lost,
/// the progress of each, and which disks they share. For one thread.
/// </summary>
internal sealed class RunMembers(OriginWork work, NodeName origin)
{
    private readonly ProgressMeter _meter = new();
    private readonly HashSet<Reason> _told = [];
    private readonly Dictionary<NodeName, string> _disks = [];
    private readonly Dictionary<string, MemberStanding> _standings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);

    /// <summary>As many have stored the snapshot as are required.</summary>
    public bool AreEnough { get; private set; }

    /// <summary>The run's progress; null: not reported yet.</summary>
    public RunProgress? Progress { get; private set; }

    /// <summary>How far each of those is that take part.</summary>
    public ImmutableDictionary<NodeName, CopyProgress> Copies { get; private set; } =
        ImmutableDictionary<NodeName, CopyProgress>.Empty;

    /// <summary>The coordinator has named them.</summary>
    public void Met(IEnumerable<MemberReport> members)
    {
        foreach (var member in members) _disks[member.Name] = member.Disk;
    }

    /// <summary>Warns of disks that receivers of a plan share with one another or with SOURCE, once of each.</summary>
    public void ReportSharedDisks(DeliveryPlan plan)
    {
        var copies = _disks.Where(disk => plan.Receiver(disk.Key) is not null).Select(disk => (disk.Key, disk.Value));
        var shared = SharedDisks.Describe(copies, Machine.Disk(work.Source.DeviceId)).Where(_told.Add);
        foreach (var sentence in shared) work.Report(new Warned(sentence));
    }

    /// <summary>How they stand in the run.</summary>
    /// <param name="bytes">Content of the tree, in bytes.</param>
    public void Handle(RunReport report, SnapshotId snapshot, long bytes)
    {
        foreach (var member in report.Members) Handle(member, snapshot);
        HandleProgress(report, bytes);
        var copies = report.Members.Count(member => member.Standing == MemberStanding.Stored);
        if (AreEnough || copies < work.Settings.Goal.Copies) return;
        AreEnough = true;
        work.Report(new SnapshotProtected(origin, snapshot, copies, work.Settings.Goal.Copies));
    }

    /// <summary>An older coordinator does not say how far its run is, but how far each destination is: the same can be
    /// made of that, without a pace.</summary>
    private void HandleProgress(RunReport report, long bytes)
    {
        var copies = report.Members.DistinctBy(member => member.Name).ToImmutableDictionary(member => member.Name,
            member => member.Copy ?? CopyProgress.Of(member.Done, bytes, member.Standing, null));
        var areEnough =
            copies.Values.Count(copy => copy.Standing == MemberStanding.Stored) >= work.Settings.Goal.Copies;
        Progress = report.Progress ?? _meter.At(copies.Values, bytes, work.Settings.Goal.Copies, areEnough);
        Copies = copies.RemoveRange(copies.Where(copy => copy.Value.Standing is MemberStanding.Away
            or MemberStanding.Failed).Select(copy => copy.Key));
    }

    private void Handle(MemberReport member, SnapshotId snapshot)
    {
        // A destination that continues under another name is still the same one.
        var who = member.Identity ?? member.Name.ToString();
        var before = _standings.GetValueOrDefault(who, MemberStanding.Preparing);
        _standings[who] = member.Standing;
        // Reported once only: a restarted coordinator hears of it later.
        if (before == member.Standing || _counted.Contains(who)) return;
        switch (member.Standing)
        {
            case MemberStanding.Stored:
                _counted.Add(who);
                if (!member.LacksNames) work.Copies.AddAll(member.Name, work.Tree?.Draft.Totals.Entries ?? 0);
                var stored = _standings.Values.Count(standing => standing == MemberStanding.Stored);
                work.Report(new ReplicaCounted(member.Name, snapshot, stored, work.Settings.Goal.Copies));
                break;
            case MemberStanding.Away or MemberStanding.Failed:
                work.Copies.Remove(member.Name);
                work.Report(new DestinationLost(member.Name, member.Reason));
                break;
        }
    }
}
