using Akka.Actor;
using BackupDistribuido.Actors.Client;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>
/// Which files a stored snapshot has, and where they are. Its holders know the names; this coordinator knows which
/// destinations should have it, for older ones from the record. Part of the coordinator's actor, for its thread.
/// </summary>
internal sealed class FileQueries(CoordinatorServices services, MemberRegistry members, IActorRef self)
{
    /// <summary>Destinations that are asked which of their files are wrong, at most.</summary>
    private const int MostAskedForDamage = 8;

    /// <summary>Answers a question, now or when the record and destinations have answered.</summary>
    public void Answer(AskSnapshotFiles ask, IActorRef asker)
    {
        var all = members.Holdings.Where(one => one.Held.Origin == ask.Origin).ToList();
        // A destination with another tree under that id has none of these files.
        var holdings = all.Where(one => one.Held.Snapshot == ask.Snapshot);
        var newest = NewestHeld.OfEach(holdings, services.Remembered.SealOf, services.Order).SingleOrDefault();
        var holders = newest?.Same ?? [];
        if (services.Journal is { } journal && !holders.Any(one => one.LastSeen is null))
        {
            journal.SnapshotAsync(ask.Origin, ask.Snapshot, members.Connected()).PipeTo(self, asker,
                success: one => new HoldersKnown(ask, one?.Holders ?? []),
                failure: e => new HoldersUnknown(Reason.Of(e)));
            return;
        }
        // A damaged snapshot still has its manifest.
        var able = holders.Where(one => one.LastSeen is null).OrderBy(one => one.Held.IsDamaged);
        Answer(ask, able.Select(one => one.Destination), all.Select(Column), asker);

        FileColumn Column(SnapshotHolding one) =>
            new(one.Destination, holders.Contains(one) ? Holding(one.Held.IsDamaged) : FileHolding.None);
    }

    /// <summary>The record has answered. Another node may have the name of an absent one by now.</summary>
    public void Answer(HoldersKnown known, IActorRef asker)
    {
        var able = known.Holders.Where(one => one.LastSeen is null).OrderBy(one => one.IsDamaged);
        var columns = known.Holders.Select(one => new FileColumn(one.Destination, Holding(one.IsDamaged)));
        Answer(known.Ask, able.Select(one => one.Destination), columns, asker);
    }

    private static FileHolding Holding(bool isDamaged) => isDamaged ? FileHolding.Damaged : FileHolding.All;

    private void Answer(
        AskSnapshotFiles ask, IEnumerable<NodeName> able, IEnumerable<FileColumn> where, IActorRef asker)
    {
        var columns = where.OrderBy(column => column.Name.ToString(), StringComparer.Ordinal).ToList();
        var here = able.Select(name => members.Destinations.TryGet(name, out var live) ? live : null)
            .OfType<LiveNode<DestinationRegistration>>().ToList();
        if (here.Count == 0)
        {
            asker.Tell(new FilesAnswer(FilePage.Without(FilesReason.NoHolder)));
            return;
        }
        var damaged = here.Where(one => columns.Exists(column =>
            column.Name == one.Node.Name && column.Holding == FileHolding.Damaged)).Take(MostAskedForDamage);
        AnswerAsync(ask, here[0].Ref, [.. damaged.Select(one => (one.Node.Name, one.Ref))], columns).PipeTo(asker,
            success: page => new FilesAnswer(page),
            failure: _ => new FilesAnswer(FilePage.Without(FilesReason.HolderSilent)));
    }

    /// <summary>
    /// One holder knows the names. A damaged holder lacks only the wrong files, and names them. The filter for missing
    /// files gives every file if a destination lacks the snapshot, and none if no damage was found.
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

    /// <summary>The holders of a snapshot according to the record.</summary>
    internal sealed record HoldersKnown(AskSnapshotFiles Ask, IReadOnlyList<ReplicaHolder> Holders);

    /// <summary>Why the record can't say it.</summary>
    internal sealed record HoldersUnknown(Reason Why);
}
