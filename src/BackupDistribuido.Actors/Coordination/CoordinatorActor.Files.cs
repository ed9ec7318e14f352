using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Which files a stored snapshot has, and where they are. The names are at those who hold it; who else should have it is known here, of older ones by the record.</content>
public sealed partial class CoordinatorActor
{
    private void Ask(AskSnapshotFiles ask)
    {
        var here = _destinations.Entries.SelectMany(live => live.Registration.Newest, (live, held) => (live.Node.Name, Held: held, IsHere: true));
        var gone = _remembered.Absent.SelectMany(one => one.Newest, (one, held) => (one.Name, Held: held, IsHere: false));
        var holders = here.Concat(gone).Where(one => one.Held.Origin == ask.Origin).ToList();
        if (_journal is null || holders.Exists(one => one.IsHere && one.Held.Snapshot == ask.Snapshot))
        {
            // What is damaged has its manifest all the same.
            var able = holders.Where(one => one.IsHere && one.Held.Snapshot == ask.Snapshot).OrderBy(one => one.Held.IsDamaged).Select(one => one.Name);
            Ask(ask, able, holders.Select(one => (one.Name, one.Held.Snapshot == ask.Snapshot && !one.Held.IsDamaged)));
            return;
        }
        _journal.SnapshotAsync(ask.Origin, ask.Snapshot, Connected())
            .PipeTo(Self, Sender, success: one => new HoldersKnown(ask, one?.Holders ?? []), failure: e => new HoldersUnknown(e.Message));
    }

    // Of those who are not here another one may have the name by now.
    private void OnHoldersKnown(HoldersKnown known) =>
        Ask(known.Ask, known.Holders.Where(one => one.LastSeen is null).OrderBy(one => one.IsDamaged).Select(one => one.Destination), known.Holders.Select(one => (one.Destination, !one.IsDamaged)));

    private void OnHoldersUnknown(HoldersUnknown unknown) => Sender.Tell(new FilesAnswer(FilePage.Without(unknown.Why)));

    private void Ask(AskSnapshotFiles ask, IEnumerable<NodeName> able, IEnumerable<(NodeName Name, bool Has)> where)
    {
        var columns = where.OrderBy(column => column.Name.ToString(), StringComparer.Ordinal).ToList();
        var whom = able.Select(name => _destinations.TryGet(name, out var live) ? live.Ref : null).FirstOrDefault(node => node is not null);
        if (whom is null) Sender.Tell(new FilesAnswer(FilePage.Without("No destination that has this snapshot is connected.")));
        else
        {
            whom.Ask<FilesAnswer>(ask with { Query = ask.Query with { OnlyMissing = false } }, CoordinatorClient.Patience)
                .PipeTo(Sender, success: answer => new FilesAnswer(answer.Page.At(columns, ask.Query.OnlyMissing)), failure: _ => new FilesAnswer(FilePage.Without("The destination that has this snapshot does not answer.")));
        }
    }

    private sealed record HoldersKnown(AskSnapshotFiles Ask, IReadOnlyList<ReplicaHolder> Holders);

    private sealed record HoldersUnknown(string Why);
}
