using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Transfer.Sending.Sources;

/// <summary>What an origin's owner should know of its tree.</summary>
/// <param name="Omitted">An entry is left out: told once, by the time its page is final.</param>
/// <param name="AttributesLost">An entry is in the snapshot without some of its extended attributes.</param>
/// <param name="Grown">A file grew while it was read: so many bytes of it are in the snapshot.</param>
/// <param name="Said">Anything else. Null: nobody listens.</param>
public sealed record TreeObserver(
    Action<OmittedEntry> Omitted, Action<LostAttributes> AttributesLost, Action<TreePath, long> Grown,
    Action<Warned>? Said = null)
{
    /// <summary>As events.</summary>
    public static TreeObserver To(Action<NodeEvent> report) => new(
        omitted => report(new EntrySkipped(omitted.Path, omitted.Why)),
        lost => report(new Warned(lost.Names.Length == 0 ? SourceReason.AttributesLost(lost.Path)
            : SourceReason.SomeAttributesLost(lost.Path, lost.Names, ExtendedAttributes.MaxBytes))),
        (path, bytes) => report(new Warned(SourceReason.FileGrew(path, bytes))),
        report);

    /// <summary>A directory lists an entry more than once.</summary>
    public void Repeated(TreePath path) => Said?.Invoke(new Warned(SourceReason.ListedTwice(path)));

    /// <summary>Another program keeps a file from being read, for longer than it may.</summary>
    public void Leased(TreePath path, TimeSpan waited) => Said?.Invoke(new Warned(SourceReason.Leased(path, waited)));

    /// <summary>A file can't be opened for want of something.</summary>
    public void Short(TreePath path, Reason why) => Said?.Invoke(new Warned(SourceReason.FileNotOpened(path, why)));

    /// <summary>A file that looked unchanged was read, and has another content than was remembered.</summary>
    public void Misremembered(TreePath path) => Said?.Invoke(new Warned(SourceReason.OtherContentRead(path)));

    /// <summary>The same, when the manifest was final already.</summary>
    public void MisrememberedTooLate(TreePath path) => Said?.Invoke(new Warned(SourceReason.OtherContent(path)));
}
