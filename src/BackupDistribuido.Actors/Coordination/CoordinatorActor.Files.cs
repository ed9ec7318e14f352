using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Which files a stored snapshot has, and where they are. The names are at those who hold it; who else should have it is known here, of older ones by the record.</content>
public sealed partial class CoordinatorActor
{
    private void Ask(AskSnapshotFiles ask)
    {
        var all = NewestHeld.All(_destinations.Entries.Select(live => live.Registration), _remembered.Absent).Where(one => one.Held.Origin == ask.Origin).ToList();
        // Who has another tree under that id has none of these files.
        var holders = NewestHeld.OfEach(all.Where(one => one.Held.Snapshot == ask.Snapshot), _remembered.SealOf, Order).SingleOrDefault()?.Same ?? [];
        if (_journal is null || holders.Any(one => one.LastSeen is null))
        {
            // What is damaged has its manifest all the same.
            var able = holders.Where(one => one.LastSeen is null).OrderBy(one => one.Held.IsDamaged).Select(one => one.Destination);
            Ask(ask, able, all.Select(one => (one.Destination, holders.Contains(one) && !one.Held.IsDamaged)));
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
