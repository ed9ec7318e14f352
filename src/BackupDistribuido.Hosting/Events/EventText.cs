using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Hosting.Events;

/// <summary>Events in words.</summary>
public static class EventText
{
    /// <summary>The event in one line, without a time.</summary>
    public static string Describe(NodeEvent happened) => happened switch
    {
        Listening e => $"listening: {e.What} on {e.Address}",
        Connected e => $"connected to the coordinator at {e.Coordinator}",
        Disconnected e => $"no coordinator at {e.Coordinator}: {e.Reason}; still trying",
        NodeJoined { Role: NodeRole.Destination } e => $"joined: destination {e.Name}; {Connected(e.Connected)}",
        NodeJoined e => $"joined: {Words.Of(e.Role)} {e.Name}",
        NodeLeft { Role: NodeRole.Destination } e =>
            $"left: destination {e.Name}: {e.Reason}; {Connected(e.Connected)}",
        NodeLeft e => $"left: {Words.Of(e.Role)} {e.Name}: {e.Reason}",
        DestinationsChanged e =>
            Invariant(
                $"destinations: {e.Connected}/{e.Required} connected{(e.Eligible < e.Connected
                    ? Invariant($", {e.Eligible} able to hold the tree") : "")}"),
        RunStarted e =>
            $"run {e.Run} of {e.Origin}: snapshot {e.Snapshot}, epoch {e.Epoch}, {e.Topology} to "
            + string.Join(", ", e.Destinations),
        RunPaused e => $"paused: run {e.Run} of {e.Origin}; nothing is sent until it goes on",
        DeliveryProgress e =>
            Invariant($"{e.Progress.Percent} %: {ProgressText.Amount(e.Progress, e.Tree)}; {ProgressText.Now(e)}"),
        ReceptionStarted e =>
            $"receiving: {e.Origin} {e.Snapshot}{(e.Tree is { } tree
                ? $", {Words.Count(tree.Files, "file")}, {Words.Bytes(tree.Bytes)}" : "")}",
        ReceptionProgress e => $"receiving {e.Origin} {e.Snapshot}: {ProgressText.Copy(e.Copy)}",
        ReceptionEnded e =>
            $"received: {e.Origin} {e.Snapshot}{(e.Problem is { } problem ? $", not all: {problem}" : "")}",
        FileStored e => $"stored: {e.Path} ({Words.Bytes(e.Bytes)}, {Copies(e.Copies)})",
        DestinationLost e => $"lost: destination {e.Destination}: {e.Reason}",
        EntrySkipped e => $"skipped: {e.Path}: {Words.Of(e.Why)}",
        SnapshotsRemoved e => $"removed old snapshots of {e.Origin}: {string.Join(", ", e.Snapshots)}",
        ReplicaResumed e =>
            $"resumed: {e.Origin} {e.Snapshot}, {Words.Count(e.Kept.Files, "file")}, "
            + $"{Words.Bytes(e.Kept.Bytes)} are there",
        ReplicaPublished e =>
            $"replica stored: {e.Origin} {e.Snapshot}, {Words.Count(e.Totals.Files, "file")}, "
            + $"{Words.Bytes(e.Totals.Bytes)}, in {e.Folder}",
        ReplicaVerified { Destination: { } where } e =>
            $"sound again: {e.Origin} {e.Snapshot} at {where}; it counts as a copy",
        ReplicaVerified e =>
            $"verified: {e.Origin} {e.Snapshot}, all of it is right{(e.Found.Unread > 0
                ? $"; {Words.Count(e.Found.Unread, "entry")} can't be read by this user" : "")}",
        ReplicaDamaged { Destination: { } where } e =>
            $"DAMAGED at {where}: {Damage(e)}; it does not count as a copy any more: "
            + "run the origin again, and look at that disk",
        ReplicaDamaged e =>
            $"DAMAGED: {Damage(e)}; it does not count as a copy any more: run the origin again, "
            + "which sends again what is wrong here, and look at this disk",
        ReplicaCounted e => Invariant($"replica stored at {e.Destination}: {e.Copies}/{e.Required}"),
        SnapshotProtected e => Invariant($"protected: {e.Origin} {e.Snapshot}, {e.Copies}/{e.Required}"),
        SnapshotAtRisk e =>
            Invariant($"at risk: {e.Origin} {e.Snapshot}, {e.Copies}/{e.Required}, and no run is under way"),
        SnapshotTooOld e =>
            $"too old: the newest protected snapshot of {e.Origin}, {e.Snapshot}, is {Words.Ago(e.Age)} old",
        RunFinished e => FinalLines.Headline(e.Summary),
        Recalled e => e.Text,
        PagesOpened e => $"page: {e.Url}",
        Warned e => $"warning: {e.Message}",
        _ => happened.ToString(),
    };

    private static string Damage(ReplicaDamaged e) =>
        $"{e.Origin} {e.Snapshot}, {Words.Count(e.Found.Entries, "entry")} not as the manifest says, "
        + $"such as {e.Found.First}";

    private static string Connected(int count) => $"{Words.Count(count, "destination")} connected";

    private static string Copies(int copies) => Invariant($"{copies} {(copies == 1 ? "copy" : "copies")}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
