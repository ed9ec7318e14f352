using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Catalogue;

/// <summary>A published snapshot as the catalogue of a destination has it.</summary>
/// <param name="Origin">Its origin's name there.</param>
/// <param name="Snapshot">Its id.</param>
/// <param name="OriginIdentity">Whose it is; null where that is not known.</param>
/// <param name="Tree">What its manifest says as a whole.</param>
/// <param name="Missing">Entries that are not there because they can't be held there; null where that is not
/// known.</param>
/// <param name="Verified">What reading it again has found last; null: that was never done.</param>
/// <param name="Stored">When it was published there, by that machine's clock; null where that is not known.</param>
public sealed record CatalogueEntry(
    NodeName Origin, SnapshotId Snapshot, string? OriginIdentity, CatalogueTree Tree, long? Missing = null,
    Verification? Verified = null, DateTimeOffset? Stored = null)
{
    /// <summary>The same as reported in a registration, for those that count copies.</summary>
    public HeldSnapshot ToHeld() =>
        new(Origin, Snapshot, Tree.Entries, Tree.Bytes, Tree.Digest, OriginIdentity, Verified)
        {
            Arrived = Stored,
            Missing = Missing,
        };

    /// <summary>The entry with only these known values.</summary>
    public static CatalogueEntry Of(HeldSnapshot held) => new(
        held.Origin, held.Snapshot, held.OriginIdentity, new CatalogueTree(held.Digest, held.Entries, null, held.Bytes),
        held.Missing, held.Verified, held.Arrived);
}

/// <summary>Totals of a manifest; null: unknown.</summary>
/// <param name="Digest">Its seal.</param>
/// <param name="Entries">Entries, the root among them.</param>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Content bytes of the files.</param>
public sealed record CatalogueTree(
    Sha256Digest? Digest = null, long? Entries = null, long? Files = null, long? Bytes = null);
