using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Actors.Destination.Writing;

/// <summary>How far the writer of one replica is, and what may happen next. A value; no clock.</summary>
internal sealed record WritingState
{
    /// <summary>The coordinator may answer so often, once a second, without the origin's seal; then the replica fails.
    /// A coordinator that does not answer is waited for.</summary>
    public const int MostSealBeats = 60;

    /// <summary>The disk was looked at, and is ready for a link or has the whole snapshot.</summary>
    public bool IsOpened { get; init; }

    /// <summary>A link's streams run, or are about to.</summary>
    public bool IsLinkOpen { get; init; }

    /// <summary>The whole tree has come.</summary>
    public bool HasAll { get; init; }

    /// <summary>It is being published.</summary>
    public bool IsPublishing { get; init; }

    /// <summary>The run is over for this node.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>What was published; null: nothing yet.</summary>
    public ManifestSeal? Published { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public Reason? Failure { get; private init; }

    /// <summary>Why this plan's link was lost; null: it was not.</summary>
    public Reason? LostLink { get; init; }

    /// <summary>The digest that the origin sealed, as the coordinator says; null: not known yet.</summary>
    public Sha256Digest? Seal { get; private init; }

    private int SealBeats { get; init; }

    /// <summary>It is stored, or has failed: no link and no plan changes that.</summary>
    public bool IsOver => Published is not null || Failure is not null;

    /// <summary>A link of the current plan may bring something.</summary>
    public bool MayReceive => IsOpened && Published is null && !HasAll;

    /// <summary>A call to the parent may bring a link.</summary>
    public bool MayCall => !IsLinkOpen && !HasAll && !IsLeaving && !IsOver;

    /// <summary>All has come, and only the origin's seal says whether it is what was sealed.</summary>
    public bool IsWaitingForSeal => HasAll && !IsPublishing && !IsLeaving && !IsOver;

    /// <summary>Nothing is written or requested any more.</summary>
    public bool MayEnd => IsLeaving && !IsPublishing && !IsLinkOpen;

    /// <summary>The report to the run.</summary>
    public ReplicaPhase Phase =>
        Published is not null ? ReplicaPhase.Stored
        : Failure is not null ? ReplicaPhase.Failed
        : !IsOpened ? ReplicaPhase.Resuming
        : HasAll ? ReplicaPhase.Publishing : ReplicaPhase.Receiving;

    /// <summary>The coordinator says what the origin sealed; the first word of it stands.</summary>
    public WritingState WithSeal(Sha256Digest digest) => this with { Seal = Seal ?? digest };

    /// <summary>The coordinator has answered, once more.</summary>
    /// <param name="isUnknown">The seal was waited for long enough.</param>
    public WritingState Answered(out bool isUnknown)
    {
        var next = IsWaitingForSeal ? this with { SealBeats = SealBeats + 1 } : this;
        isUnknown = next.IsWaitingForSeal && next.SealBeats >= MostSealBeats;
        return next;
    }

    /// <summary>It failed, and nothing is published any more.</summary>
    public WritingState Failed(Reason reason) => this with { IsPublishing = false, Failure = reason };

    /// <summary>It is stored.</summary>
    public WritingState Stored(ManifestSeal seal) => this with { IsPublishing = false, Published = seal };

    /// <summary>All pages are to be received once more: what is on the disk is opened again.</summary>
    public WritingState Reopened() => this with { IsOpened = false };
}
