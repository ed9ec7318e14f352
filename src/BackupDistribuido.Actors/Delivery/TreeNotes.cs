using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Delivery;

/// <summary>What an origin's owner should know of its tree.</summary>
/// <param name="Omitted">An entry is left out: told once, by the time its page is final.</param>
/// <param name="AttributesLost">An entry is in the snapshot without its extended attributes.</param>
/// <param name="Grown">A file grew while it was read: so many bytes of it are in the snapshot.</param>
internal sealed record TreeNotes(Action<OmittedEntry> Omitted, Action<TreePath> AttributesLost, Action<TreePath, long> Grown)
{
    /// <summary>As events.</summary>
    public static TreeNotes To(Action<NodeEvent> report) => new(
        omitted => report(new EntrySkipped(omitted.Path, omitted.Why)),
        path => report(new Warned($"{path}: its extended attributes can't be read, or have more than {ExtendedAttributes.MaxBytes} bytes; the snapshot has it without them")),
        (path, bytes) => report(new Warned(FormattableString.Invariant($"{path} grew while it was read; the snapshot has its first {bytes} bytes"))));
}
