namespace BackupDistribuido.Storage.Manifests;

/// <summary>Where a page of a draft is: its place and length in bytes in the file, and which entries it holds, counted
/// from 0.</summary>
public readonly record struct ManifestPage(long Offset, long FirstEntry, int Length, int Entries)
{
    /// <summary>The number of the entry behind its last one.</summary>
    public long EndEntry => FirstEntry + Entries;
}
