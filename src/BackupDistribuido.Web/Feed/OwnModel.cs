using System.Collections.Immutable;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Web.Feed;

/// <summary>Folds a node's events into an <see cref="OwnState"/>; bounded however long the node lives. Not
/// thread-safe.</summary>
internal sealed class OwnModel
{
    private readonly Queue<FileStored> _files = new();
    private OwnState _state = OwnState.Nothing;
    private long _verifiedFiles, _verifiedBytes;

    /// <summary>Takes an event in.</summary>
    public void Apply(NodeEvent happened)
    {
        switch (happened)
        {
            // By far the most frequent event: nothing is copied for it.
            case FileStored file:
                _files.Enqueue(file);
                if (_files.Count > OwnState.MostFiles) _files.Dequeue();
                (_verifiedFiles, _verifiedBytes) = (_verifiedFiles + 1, _verifiedBytes + file.Bytes);
                break;
            default:
                _state = Folded(_state, happened);
                break;
        }
    }

    /// <summary>The current state.</summary>
    public OwnState Now => _state with
    {
        Files = [.. _files.Reverse()],
        FilesVerified = _verifiedFiles,
        BytesVerified = _verifiedBytes,
    };

    private static IEnumerable<ReceptionProgress> Others(OwnState state, RunId run) =>
        state.Receptions.Where(one => one.Run != run);

    private static OwnState Folded(OwnState state, NodeEvent happened) => happened switch
    {
        Connected e => state with { Coordinator = e.Coordinator, WhyNot = null },
        Disconnected e => state with { Coordinator = null, WhyNot = e.Reason, Counts = null },
        DestinationsChanged e => state with { Counts = e },
        DeliveryProgress e => state with { Progress = e },
        ReceptionProgress e =>
            state with { Receptions = [.. Others(state, e.Run).Append(e).Take(OwnState.MostReceptions)] },
        ReceptionEnded e => state with { Receptions = [.. Others(state, e.Run)] },
        // Another plan of the run that is shown does not start it again.
        RunStarted e =>
            state with
            {
                Run = e,
                End = null,
                IsPaused = false,
                Progress = state.Run?.Run == e.Run ? state.Progress : null
            },
        RunPaused => state with { IsPaused = true },
        RunFinished e => state with { IsPaused = false, End = e.Summary },
        ReplicaCounted e =>
            state with { Stored = state.Stored.RemoveAll(one => one.Destination == e.Destination).Add(e) },
        EntrySkipped e =>
            state with
            {
                SkippedCount = state.SkippedCount + 1,
                Skipped = state.Skipped.Length < OwnState.MostSkipped ? state.Skipped.Add(e) : state.Skipped
            },
        ReplicaPublished e => state with { Published = [e, .. state.Published.Take(OwnState.MostFiles - 1)] },
        _ => state,
    };
}
