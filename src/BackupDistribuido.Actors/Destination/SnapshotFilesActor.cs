using System.Collections;
using Akka.Actor;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Roots;

namespace BackupDistribuido.Actors.Destination;

/// <summary>Answers which files a published snapshot has, for people. Its manifest stays open while they look, and a minute longer.</summary>
internal sealed class SnapshotFilesActor : ReceiveActor
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly Task<StoredTree> _opening;

    /// <summary>For a snapshot of an origin; who asks while it is opened waits for that.</summary>
    public SnapshotFilesActor(DestinationWork work, NodeName origin, SnapshotId snapshot)
    {
        var (root, name) = (work.Root, work.Name);
        _opening = Task.Factory.StartNew(() => StoredTree.Open(root, origin, snapshot), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var opened = OpenedAsync(name);
        SetReceiveTimeout(Forgotten);
        Receive<AskSnapshotFiles>(ask => AnswerAsync(opened, ask.Query).PipeTo(Sender, Self, page => new FilesAnswer(page)));
        Receive<ReceiveTimeout>(_ => Context.Stop(Self));
    }

    private async Task<(FileFinder Finder, (NodeName, BitArray)[] Copies)> OpenedAsync(NodeName name)
    {
        var manifest = (await _opening.ConfigureAwait(false)).Manifest;
        return (new FileFinder(manifest), [(name, new BitArray((int)Math.Min(int.MaxValue, manifest.Totals.Entries), true))]);
    }

    private static async Task<FilePage> AnswerAsync(Task<(FileFinder Finder, (NodeName, BitArray)[] Copies)> opened, FileQuery query)
    {
        try
        {
            var (finder, copies) = await opened.ConfigureAwait(false);
            return await Task.Run(() => finder.Find(query, copies)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return FilePage.Without($"The snapshot's manifest can't be read there: {e.Message}");
        }
    }

    protected override void PostStop() => _opening.ContinueWith(done =>
    {
        done.Result.Manifest.Dispose();
        done.Result.Files.Dispose();
    }, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
}
