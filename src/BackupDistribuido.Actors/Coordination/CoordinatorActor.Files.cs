using Akka.Actor;
using BackupDistribuido.Core.Delivery;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Which files a stored snapshot has, and where they are. The names are at those who hold it; who else should have it is known here.</content>
public sealed partial class CoordinatorActor
{
    private void Ask(AskSnapshotFiles ask)
    {
        var here = _destinations.Entries.SelectMany(live => live.Registration.Newest, (live, held) => (live.Node.Name, Held: held, live.Ref));
        var gone = _remembered.Absent.SelectMany(one => one.Newest, (one, held) => (one.Name, Held: held, Ref: (IActorRef)ActorRefs.Nobody));
        var holders = here.Concat(gone).Where(one => one.Held.Origin == ask.Origin).OrderBy(one => one.Name.ToString(), StringComparer.Ordinal).ToList();
        var columns = holders.Select(one => (one.Name, Has: one.Held.Snapshot == ask.Snapshot && !one.Held.IsDamaged)).ToList();
        // What is damaged has its manifest all the same.
        var whom = holders.Where(one => one.Held.Snapshot == ask.Snapshot && !one.Ref.IsNobody()).OrderBy(one => one.Held.IsDamaged).Select(one => one.Ref).FirstOrDefault();
        if (whom is null) Sender.Tell(new FilesAnswer(FilePage.Without("No destination that has this snapshot as its newest one is connected.")));
        else
        {
            whom.Ask<FilesAnswer>(ask with { Query = ask.Query with { OnlyMissing = false } }, CoordinatorClient.Patience)
                .PipeTo(Sender, success: answer => new FilesAnswer(answer.Page.At(columns, ask.Query.OnlyMissing)), failure: _ => new FilesAnswer(FilePage.Without("The destination that has this snapshot does not answer.")));
        }
    }
}
