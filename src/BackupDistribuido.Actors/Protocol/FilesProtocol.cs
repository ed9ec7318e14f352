using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Protocol;

/// <summary>Anyone to coordinator, and on to the origin of the run, which alone knows the names: which files are where?
/// Answered by <see cref="FilesAnswer"/>.</summary>
public sealed record AskFiles(RunId Run, FileQuery Query) : IRunMessage;

/// <summary>Anyone to coordinator, and on to a destination that holds the snapshot: which files does it have, and where
/// are they? Answered by <see cref="FilesAnswer"/>.</summary>
public sealed record AskSnapshotFiles(NodeName Origin, SnapshotId Snapshot, FileQuery Query) : IWireMessage;

/// <summary>The answer to <see cref="AskFiles"/> and <see cref="AskSnapshotFiles"/>.</summary>
public sealed record FilesAnswer(FilePage Page) : IWireMessage;
