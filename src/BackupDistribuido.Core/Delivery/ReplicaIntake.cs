namespace BackupDistribuido.Core.Delivery;

/// <summary>
/// Where the files of one stored replica came from: links of its run brought them, or they were here already. A file
/// that was copied from an earlier snapshot was read for that; a hard link was not, and is as sound as when it was last
/// read.
/// </summary>
/// <param name="ReceivedFiles">Files that came over links, in whatever life of the destination; empty ones too.</param>
/// <param name="ReceivedBytes">Their content, in bytes.</param>
/// <param name="LinkedFiles">Files that were here already: hard links to an earlier snapshot, and copies of its
/// files.</param>
/// <param name="LinkedBytes">Their content, in bytes.</param>
/// <param name="LastRead">The oldest time at which a linked file was last read (or received), in UTC; a bound for all
/// hard-linked files, not the time of each. Null if there is no such file, or if it is unknown.</param>
public sealed record ReplicaIntake(long ReceivedFiles, long ReceivedBytes, long LinkedFiles, long LinkedBytes,
    DateTimeOffset? LastRead);
