using Akka.Actor;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Actors.Coordination;

/// <content>Which files a stored snapshot has, and where they are. The names are at those who hold it; who else should
/// have it is known here, of older ones by the record.</content>
public sealed partial class CoordinatorActor
{
    /// <summary>Destinations that are asked which of their files are wrong, at most.</summary>
    private const int MostAskedForDamage = 8;

    private void Ask(AskSnapshotFiles ask)
    {
        var all = NewestHeld.All(_destinations.Entries.Select(live => live.Registration), _remembered.Absent)
            .Where(one => one.Held.Origin == ask.Origin).ToList();
        // Who has another tree under that id has none of these files.
        var holders = NewestHeld.OfEach(all.Where(one => one.Held.Snapshot == ask.Snapshot), _remembered.SealOf, Order)
            .SingleOrDefault()?.Same ?? [];
        if (_journal is null || holders.Any(one => one.LastSeen is null))
        {
            // What is damaged has its manifest all the same.
            var able = holders.Where(one => one.LastSeen is null).OrderBy(one => one.Held.IsDamaged)
                .Select(one => one.Destination);
            Ask(ask, able,
                all.Select(one =>
                    new FileColumn(one.Destination,
                        holders.Contains(one) ? Holding(one.Held.IsDamaged) : FileHolding.None)));
            return;
        }
        _journal.SnapshotAsync(ask.Origin, ask.Snapshot, Connected())
            .PipeTo(Self, Sender, success: one => new HoldersKnown(ask, one?.Holders ?? []),
                failure: e => new HoldersUnknown(Reason.Of(e)));
    }

    private static FileHolding Holding(bool isDamaged) => isDamaged ? FileHolding.Damaged : FileHolding.All;

    // Of those who are not here another one may have the name by now.
    private void OnHoldersKnown(HoldersKnown known) =>
        Ask(known.Ask,
            known.Holders.Where(one => one.LastSeen is null).OrderBy(one => one.IsDamaged)
                .Select(one => one.Destination),
        known.Holders.Select(one => new FileColumn(one.Destination, Holding(one.IsDamaged))));

    private void OnHoldersUnknown(HoldersUnknown unknown) =>
        Sender.Tell(new FilesAnswer(FilePage.Without(unknown.Why)));

    private void Ask(AskSnapshotFiles ask, IEnumerable<NodeName> able, IEnumerable<FileColumn> where)
    {
        var columns = where.OrderBy(column => column.Name.ToString(), StringComparer.Ordinal).ToList();
        var here = able.Select(name => (Name: name, Ref: _destinations.TryGet(name, out var live) ? live.Ref : null))
            .Where(one => one.Ref is not null).ToList();
        if (here.Count == 0)
        {
            Sender.Tell(new FilesAnswer(FilePage.Without(FilesReason.NoHolder)));
            return;
        }
        var damaged = here.Where(one =>
            columns.Exists(column => column.Name == one.Name && column.Holding == FileHolding.Damaged))
                .Take(MostAskedForDamage).Select(one => (one.Name, one.Ref!)).ToList();
        AnswerAsync(ask, here[0].Ref!, damaged, columns).PipeTo(Sender, success: page => new FilesAnswer(page),
            failure: _ => new FilesAnswer(FilePage.Without(FilesReason.HolderSilent)));
    }

    /// <summary>
    /// One holder knows the names. Of who has it damaged only the files that are wrong are missing: it says which. Only
    /// what is missing: where one lacks the snapshot that is every file, where nobody has found damage it is none.
    /// </summary>
    private static async Task<FilePage> AnswerAsync(
        AskSnapshotFiles ask, IActorRef holder, List<(NodeName Name, IActorRef Ref)> damaged, List<FileColumn> columns)
    {
        var onlyWrong = ask.Query.OnlyMissing && columns.TrueForAll(column => column.Holding != FileHolding.None);
        var all = ask with { Query = ask.Query with { OnlyMissing = false } };
        var theirs = onlyWrong ? ask with { Query = ask.Query with { Skip = 0, Take = FileQuery.Most } } : all;
        var first = holder.Ask<FilesAnswer>(all, CoordinatorClient.Patience);
        var answers = damaged.ConvertAll(one => (one.Name, Page: WrongAsync(one.Ref, theirs)));
        var wrong = new Dictionary<NodeName, FilePage>();
        foreach (var (name, page) in answers)
        {
            if (await page.ConfigureAwait(false) is { Problem: null } said) wrong[name] = said;
        }
        var answer = (await first.ConfigureAwait(false)).Page;
        return onlyWrong && answer.Problem is null
            ? FilePage.OfWrong(columns, wrong, ask.Query) with { Known = answer.Known } : answer.At(columns, wrong);
    }

    /// <summary>Null where it does not answer: then it is not known which of its files are wrong.</summary>
    private static async Task<FilePage?> WrongAsync(IActorRef destination, AskSnapshotFiles ask)
    {
        try
        {
            return (await destination.Ask<FilesAnswer>(ask, CoordinatorClient.Patience).ConfigureAwait(false)).Page;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private sealed record HoldersKnown(AskSnapshotFiles Ask, IReadOnlyList<ReplicaHolder> Holders);

    private sealed record HoldersUnknown(Reason Why);
}
