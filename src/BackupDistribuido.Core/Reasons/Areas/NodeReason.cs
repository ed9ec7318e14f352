namespace BackupDistribuido.Core.Reasons.Areas;

/// <summary>A node's reports about itself. The resource files have the texts, under the codes.</summary>
public static class NodeReason
{
    public static Reason Defect(Reason why) => Reason.Of("node.defect", ("why", why));

    public static Reason CallFailed(ReasonValue path, Reason error, ReasonValue call, long errno) =>
        Reason.Of("node.call-failed", ("path", path), ("error", error), ("call", call), ("errno", errno));

    public static Reason Insecure { get; } = Reason.Of("node.insecure");

    public static Reason NoPage(ReasonValue address, Reason why) =>
        Reason.Of("node.no-page", ("address", address), ("why", why));
}
