namespace BackupDistribuido.Transfer;

/// <summary>
/// The dispatcher for stages that read and write files: each has a thread of its own, so that a slow disk blocks
/// nothing else. The ActorSystem's configuration must have it.
/// </summary>
public static class DiskDispatcher
{
    /// <summary>What the configuration calls it.</summary>
    public const string Name = "bdist-disk-dispatcher";
}
