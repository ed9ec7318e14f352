namespace BackupDistribuido.Actors.Serialization;

/// <summary>What nodes say to each other.</summary>
public static class ProtocolMessages
{
    /// <summary>Every message and its name on the wire. A name, once given, keeps its meaning.</summary>
    public static MessageTable Table { get; } = new(
        ("register-destination", ProtocolJson.Default.RegisterDestination),
        ("destination-registered", ProtocolJson.Default.DestinationRegistered),
        ("register-origin", ProtocolJson.Default.RegisterOrigin),
        ("origin-registered", ProtocolJson.Default.OriginRegistered),
        ("registration-refused", ProtocolJson.Default.RegistrationRefused),
        ("leave", ProtocolJson.Default.Leave),
        ("ask-status", ProtocolJson.Default.AskStatus),
        ("status", ProtocolJson.Default.StatusAnswer),
        ("ask-runs", ProtocolJson.Default.AskRuns),
        ("runs", ProtocolJson.Default.RunsAnswer),
        ("ask-snapshots", ProtocolJson.Default.AskSnapshots),
        ("snapshots", ProtocolJson.Default.SnapshotsAnswer),
        ("ask-files", ProtocolJson.Default.AskFiles),
        ("files", ProtocolJson.Default.FilesAnswer),
        ("prepare-replica", ProtocolJson.Default.PrepareReplica),
        ("deliver", ProtocolJson.Default.Deliver),
        ("delivery-report", ProtocolJson.Default.DeliveryReport),
        ("replica-report", ProtocolJson.Default.ReplicaReport),
        ("replica-heard", ProtocolJson.Default.ReplicaHeard),
        ("files-verified", ProtocolJson.Default.FilesVerified),
        ("run-report", ProtocolJson.Default.RunReport),
        ("run-end-heard", ProtocolJson.Default.RunEndHeard),
        ("run-over", ProtocolJson.Default.RunOver));
}
