using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

/// <summary>
/// How a snapshot's files differ from those of the origin's run before, told apart by their paths. Files are counted as
/// <see cref="TreeTotals.Files"/> does: further names of one file are none of their own. New, changed, metadata only
/// and unchanged together are all files of the snapshot.
/// </summary>
/// <param name="Since">The snapshot of that run.</param>
/// <param name="New">There was no file of that path.</param>
/// <param name="Changed">Its content is another one.</param>
/// <param name="MetadataOnly">Its content is the same; its owner, mode, times or attributes are not.</param>
/// <param name="Removed">Files of that run that are none any more. What is left out because it can't be read is not
/// among them.</param>
public sealed record TreeChanges(SnapshotId Since, long New, long Changed, long MetadataOnly, long Unchanged,
    long Removed);

/// <summary>What a run took at its origin.</summary>
/// <param name="BytesRead">Content bytes that were read from the tree's disk, as often as they were.</param>
/// <param name="Changes">What has changed since the run before; null: nothing is known of one.</param>
/// <param name="IsFirst">Neither the origin nor any destination knows of a snapshot before.</param>
public sealed record SourceWork(long BytesRead, TreeChanges? Changes, bool IsFirst);
