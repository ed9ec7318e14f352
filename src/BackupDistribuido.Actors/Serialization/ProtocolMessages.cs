using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Serialization;

/// <summary>What nodes say to each other.</summary>
public static class ProtocolMessages
{
    /// <summary>Every message and its name on the wire. A name, once given, keeps its meaning.</summary>
    public static MessageTable Table { get; } = new(
        ProtocolJson.Default,
        ("register-destination", typeof(RegisterDestination)),
        ("destination-registered", typeof(DestinationRegistered)),
        ("register-origin", typeof(RegisterOrigin)),
        ("origin-registered", typeof(OriginRegistered)),
        ("registration-refused", typeof(RegistrationRefused)),
        ("leave", typeof(Leave)),
        ("ask-status", typeof(AskStatus)),
        ("status", typeof(StatusAnswer)),
        ("ask-runs", typeof(AskRuns)),
        ("runs", typeof(RunsAnswer)),
        ("ask-snapshots", typeof(AskSnapshots)),
        ("snapshots", typeof(SnapshotsAnswer)),
        ("ask-catalogue", typeof(AskCatalogue)),
        ("catalogue", typeof(CatalogueAnswer)),
        ("ask-files", typeof(AskFiles)),
        ("ask-snapshot-files", typeof(AskSnapshotFiles)),
        ("files", typeof(FilesAnswer)),
        ("prepare-replica", typeof(PrepareReplica)),
        ("tree-sealed", typeof(TreeSealed)),
        ("deliver", typeof(Deliver)),
        ("delivery-report", typeof(DeliveryReport)),
        ("replica-report", typeof(ReplicaReport)),
        ("replica-heard", typeof(ReplicaHeard)),
        ("files-verified", typeof(FilesVerified)),
        ("run-report", typeof(RunReport)),
        ("run-end-heard", typeof(RunEndHeard)),
        ("run-over", typeof(RunOver)));
}
