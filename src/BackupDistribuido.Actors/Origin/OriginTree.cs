using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Actors.Origin;

/// <summary>The tree that an origin protects, and how it is read.</summary>
/// <param name="Source">The directory to protect.</param>
/// <param name="Rules">Which entries of the directory belong to the tree.</param>
/// <param name="Record">The file in which the origin remembers what it has sent; null: it remembers nothing.</param>
/// <param name="Checksum">Whether all content is read and compared, whatever sizes and times say.</param>
public sealed record OriginTree(string Source, ScanRules Rules, string? Record = null, bool Checksum = false);
