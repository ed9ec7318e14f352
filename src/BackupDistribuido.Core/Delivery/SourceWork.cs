using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Delivery;

/// <summary>
/// How a snapshot's files differ from those of the origin's previous run, identified by their paths. Files are counted
/// as in <see cref="TreeTotals.Files"/>: further names of one file don't count. New, changed, metadata only and
/// unchanged together are all files of the snapshot.
/// </summary>
/// <param name="Since">The snapshot of that run.</param>
/// <param name="New">There was no file of that path.</param>
/// <param name="Changed">Its content is another one.</param>
/// <param name="MetadataOnly">Its content is the same; its owner, mode, times or attributes are not.</param>
/// <param name="Removed">Files of that run that no longer exist. Unreadable files that are left out are not among
/// them.</param>
public sealed record TreeChanges(SnapshotId Since, long New, long Changed, long MetadataOnly, long Unchanged,
    long Removed);

/// <summary>The origin's work in a run.</summary>
/// <param name="BytesRead">Content bytes that were read from the tree's disk, as often as they were.</param>
/// <param name="Changes">Changes since the previous run; null: no previous run is known.</param>
/// <param name="IsFirst">Neither the origin nor any destination knows of a snapshot before.</param>
public sealed record SourceWork(long BytesRead, TreeChanges? Changes, bool IsFirst);
