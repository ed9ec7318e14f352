using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Coordination;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Transfer.Links;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Actors.Origin;

/// <summary>What an origin has beyond one ActorSystem: its settings and tree, the run that it is in, and how it ends.
/// Only one incarnation uses it at a time.</summary>
internal sealed class OriginWork(OriginSettings settings, SourceTree source, ILinks links,
    Action<NodeEvent> report, TimeProvider clock, CancellationToken stop) : IDisposable
{
    private readonly TaskCompletionSource<RunSummary> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TreeLoss? _loss;
    private volatile FileFinder? _finder;
    private readonly long _begun = clock.GetTimestamp();

    public OriginSettings Settings => settings;

    public SourceTree Source => source;

    public ILinks Links => links;

    /// <summary>Where destinations call that accept no connections.</summary>
    public ChildConnections Calls { get; } = new(settings.Name);

    /// <summary>Where they dial; null: nowhere.</summary>
    public NodeAddress? Data { get; set; }

    /// <summary>What all its links together keep to; null: no limit.</summary>
    public WireLimit? Limit { get; } = settings.Limit is { } rate ? new WireLimit(rate) : null;

    public CancellationToken Stop => stop;

    /// <summary>Reports events to the owner.</summary>
    public Action<NodeEvent> Report => report;

    /// <summary>What time it is.</summary>
    public TimeProvider Clock => clock;

    /// <summary>How long a lost coordinator is waited for.</summary>
    public RunPatience Patience => field ??= new RunPatience(settings.Wait, Clock);

    /// <summary>The tree in pages, once the run has begun.</summary>
    public LiveTree? Tree { get; private set; }

    /// <summary>The run that the origin is in; null while it waits.</summary>
    public RunInProgress? Run { get; set; }

    /// <summary>Which files are where.</summary>
    public FileCopies Copies { get; } = new();

    /// <summary>The run's destinations.</summary>
    public IReadOnlyList<NodeName> Members { get; set; } = [];

    /// <summary>Files of the run, for people to look at. From any thread; it may take a second where the tree is
    /// large.</summary>
    public FilePage Files(RunId run, FileQuery query)
    {
        if (_finder is not { } finder || Run?.Run != run) return FilePage.Without(FilesReason.OtherRun);
        try
        {
            return finder.Find(query, Copies.Copy(Members));
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            return FilePage.Without(FilesReason.RunOver);
        }
    }

    /// <summary>Tells of the files whose copies have grown, all that are known by now. One at a time; it takes time
    /// where there are many.</summary>
    public void TellGrown()
    {
        if (Tree is not { } tree) return;
        try
        {
            IReadOnlyList<(long Entry, int Copies)> grown;
            do
            {
                var known = tree.Known();
                grown = Copies.Settle(known.Count);
                if (!settings.ReportFiles) continue;
                foreach (var (entry, copies) in grown)
                {
                    if (known[entry] is FileEntry file) report(new FileStored(file.Path, file.Stamp.Size, copies));
                }
            }
            while (grown.Count == FileCopies.MaxSettled);
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            // The run is over, or its manifest can't be read: people see no more of it; the promise does not rest on
            // this.
        }
    }

    /// <summary>The newest snapshot of the tree that a destination had before the run; null: none is known.</summary>
    public HeldSnapshot? Newest { get; set; }

    /// <summary>Counts the tree, and compares it with the record of its last run. On any thread.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public SourceSize Count()
    {
        using var record = settings.Tree.Record is { } file ? OriginRecord.Open(file, settings.Name) : null;
        if (record is null) return source.Count(stop);
        using var comparison = new TreeComparison(record.Entries(), record.Mounts);
        var size = source.Count(stop, scanned => comparison.Meet(scanned.Entry, scanned.IsMountPoint));
        _loss = comparison.Finish();
        return size;
    }

    /// <summary>Why such a tree must not be copied, after all that is known; null where it may.</summary>
    public Reason? WhyStopped(TreeContents tree) =>
        ShrinkGuard.WhyStopped(tree, settings.Goal.MaxShrinkPercent, Newest, _loss);

    /// <summary>The tree as it was delivered may have shrunk since it was counted: that ends the origin, and with it
    /// the run.</summary>
    private SealRule Rule => new(
        tree =>
        {
            var why = ShrinkGuard.WhyStopped(tree, settings.Goal.MaxShrinkPercent, Newest, LossOf(tree));
            if (why is not null) Fail(new NodeException(ExitCode.AtRisk, why));
            return why;
        },
        tree => ShrinkGuard.HasShrunk(tree, Newest, LossOf(tree)));

    private TreeLoss? LossOf(TreeContents tree) => _loss is { } loss ? loss with { Now = tree.Held } : null;

    /// <summary>The end of the run, or why there is none.</summary>
    public Task<RunSummary> End => _end.Task;

    /// <summary>How long it has been here.</summary>
    public TimeSpan Age => clock.GetElapsedTime(_begun);

    /// <summary>How much of the owner's wait is left; null: it is unlimited.</summary>
    public TimeSpan? WaitLeft => settings.Wait is not { } wait ? null
        : wait - Age is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>The tree in pages, begun at the first call.</summary>
    public LiveTree BeginTree()
    {
        if (Tree is not null) return Tree;
        Tree = new LiveTree(source, TreeObserver.To(report), Rule,
            settings.Tree.Record is { } file
                ? OriginRecord.Open(file, settings.Name, () => report(Damaged(file))) : null,
            isFirst: Newest is null, readsAll: settings.Tree.Checksum);
        _finder = new FileFinder(Tree.Draft, Tree.Known);
        return Tree;
    }

    private static Warned Damaged(string record) => new Warned(SourceReason.MemoryDamaged(record));

    /// <summary>The same; null where it can't be begun, which ends the origin.</summary>
    public LiveTree? TryBeginTree()
    {
        try
        {
            return BeginTree();
        }
        catch (PosixException e)
        {
            Fail(new NodeException(ExitCode.Usage, SourceReason.ManifestNotBegun(Reason.Of(e))));
            return null;
        }
    }

    /// <summary>Writes the record of the tree for the next run. No other thread may use it any more.</summary>
    public void Remember(SnapshotId snapshot)
    {
        if (settings.Tree.Record is not { } file || Tree is not { Seal: not null } tree) return;
        try
        {
            OriginRecord.Write(file, settings.Name, snapshot, tree.Draft.Entries(), tree.FreshFrom, tree.Mounts,
                tree.IsDoubted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report(new Warned(SourceReason.MemoryNotWritten(Reason.Of(e))));
        }
    }

    /// <summary>The run has ended so.</summary>
    public void Finish(RunSummary summary) => _end.TrySetResult(summary);

    /// <summary>There is no run, and there will be none.</summary>
    public void Fail(NodeException why) => _end.TrySetException(why);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Tree is null) source.Dispose();
        else Tree.Dispose();
    }
}
