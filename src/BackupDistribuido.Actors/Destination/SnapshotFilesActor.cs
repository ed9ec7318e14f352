using System.Collections;
using Akka.Actor;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Replicas;

namespace BackupDistribuido.Actors.Destination;

/// <summary>Answers which files a published snapshot has, for people. Its manifest stays open while they look, and a
/// minute longer.</summary>
internal sealed class SnapshotFilesActor : ReceiveActor
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly Task<StoredTree> _opening;

    /// <summary>Files of an origin's snapshot; questions wait while it is opened.</summary>
    public SnapshotFilesActor(DestinationWork work, NodeName origin, SnapshotId snapshot)
    {
        var (root, name) = (work.Root, work.Name);
        _opening = Task.Factory.StartNew(() => work.OpenStored(origin, snapshot), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var opened = OpenedAsync(name);
        Func<VerificationReport?> verified = () => KeptVerification.Of(root.RealPath, origin, snapshot);
        SetReceiveTimeout(Forgotten);
        Receive<AskSnapshotFiles>(ask => AnswerAsync(opened, ask.Query, verified)
            .PipeTo(Sender, Self, page => new FilesAnswer(page)));
        Receive<ReceiveTimeout>(_ => Context.Stop(Self));
    }

    private async Task<Opened> OpenedAsync(NodeName name)
    {
        var tree = await _opening.ConfigureAwait(false);
        return new Opened(new FileFinder(tree.Manifest), tree.Manifest, tree.Lacks, name);
    }

    private static async Task<FilePage> AnswerAsync(
        Task<Opened> opened, FileQuery query, Func<VerificationReport?> verified)
    {
        try
        {
            var snapshot = await opened.ConfigureAwait(false);
            return await Task.Run(() => snapshot.Find(query, verified())).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException
            or ObjectDisposedException)
        {
            return FilePage.Without(FilesReason.ManifestNotRead(Reason.Of(e)));
        }
    }

    /// <summary>A manifest that is looked through, and which of its files were found wrong when the replica was read
    /// again.</summary>
    private sealed class Opened(FileFinder finder, ManifestDraft manifest, MissingNames? lacks, NodeName name)
    {
        private readonly Lock _gate = new();
        private BitArray? _sound;
        private string _judged = "";

        public FilePage Find(FileQuery query, VerificationReport? verified)
        {
            BitArray sound;
            lock (_gate) sound = Sound(verified);
            var page = finder.Find(query, [(name, sound)]);
            // Not all that is wrong may be named.
            return verified?.Verdict is Verification.Damaged damaged && damaged.Entries > verified.First.Count
                ? page with { Rows = [.. page.Rows.Select(row => row with { Copies = row.Copies.Replace('1', '?') })] }
                : page;
        }

        private BitArray Sound(VerificationReport? verified)
        {
            var judged = verified?.Format() ?? "";
            if (_sound is not null && judged == _judged) return _sound;
            var sound = new BitArray((int)Math.Min(int.MaxValue, manifest.Totals.Entries), true);
            var wrong = (verified?.First ?? []).Where(one => one.Fault != EntryFault.Extra).Select(one => one.Path)
                .ToHashSet(StringComparer.Ordinal);
            for (var page = 0; page < manifest.PageCount && (wrong.Count > 0 || lacks is not null); page++)
            {
                var number = (int)manifest[page].FirstEntry;
                foreach (var entry in manifest.Entries(page))
                {
                    if (lacks?.Has(entry.Path) == true || wrong.Contains(Verification.Shown(entry.Path.ToString())))
                        sound[number] = false;
                    number++;
                }
            }
            (_sound, _judged) = (sound, judged);
            return sound;
        }
    }

    protected override void PostStop() => _opening.ContinueWith(done =>
    {
        done.Result.Manifest.Dispose();
        done.Result.Files.Dispose();
    }, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
}
