using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Destination;

/// <content>Publishes only what the coordinator says that the origin sealed: whoever has a link to here could send another tree down it, with a seal that fits that one.</content>
internal sealed partial class ReplicaWriterActor
{
    /// <summary>So often the coordinator answers, once a second, without a word of the seal, until it is not waited for any more. While it does not answer, that is said as everywhere, and it may come back.</summary>
    private const int MostSealBeats = 60;

    private Sha256Digest? _seal;
    private int _sealBeats;
    private bool _hasAll;

    private void ReceiveSeal()
    {
        Receive<TreeSealed>(told => HearSeal(told.Digest));
        Receive<CoordinatorAnswered>(_ => WaitForSeal());
    }

    private void OnReceived()
    {
        (_linkOpen, _hasAll) = (false, true);
        Report();
        // A link that waited for the end of this one is told that nothing is lacked.
        Stash.UnstashAll();
        PublishWhatIsSealed();
        FinishLeaving();
    }

    private void HearSeal(Sha256Digest digest)
    {
        _seal ??= digest;
        PublishWhatIsSealed();
    }

    private void PublishWhatIsSealed()
    {
        if (!IsWaitingForSeal || _seal is not { } seal) return;
        if (seal == _files!.Replica.Seal!.Value.Digest) Publish();
        else Fail("what came over its link is not the tree that the origin sealed; it was not published");
    }

    private bool IsWaitingForSeal => _hasAll && !_publishing && !_leaving && _published is null && _failure is null;

    private void WaitForSeal()
    {
        if (!IsWaitingForSeal || ++_sealBeats < MostSealBeats) return;
        _failure = $"it has the whole tree, and the coordinator did not say within {MostSealBeats} s what the origin sealed; one of an older version does not: bring all nodes to the same version";
        Fail(_failure);
    }

    /// <summary>Destination to its writers, each second: the coordinator is there.</summary>
    internal sealed record CoordinatorAnswered
    {
        public static readonly CoordinatorAnswered Instance = new();
    }
}
