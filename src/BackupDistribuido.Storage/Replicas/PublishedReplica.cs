using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Storage.Replicas;

/// <summary>A replica that is published and durable: its manifest's seal, and what it lacks of the manifest.</summary>
public sealed record PublishedReplica(ManifestSeal Seal, ReplicaShortfall Shortfall, ReplicaIntake? Intake = null);
