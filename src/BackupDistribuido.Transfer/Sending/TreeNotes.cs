using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>What an origin's owner should know of its tree.</summary>
/// <param name="Omitted">An entry is left out: told once, by the time its page is final.</param>
/// <param name="AttributesLost">An entry is in the snapshot without some of its extended attributes.</param>
/// <param name="Grown">A file grew while it was read: so many bytes of it are in the snapshot.</param>
/// <param name="Said">Anything else. Null: nobody listens.</param>
public sealed record TreeNotes(
    Action<OmittedEntry> Omitted, Action<LostAttributes> AttributesLost, Action<TreePath, long> Grown, Action<Warned>? Said = null)
{
    /// <summary>As events.</summary>
    public static TreeNotes To(Action<NodeEvent> report) => new(
        omitted => report(new EntrySkipped(omitted.Path, omitted.Why)),
        lost => report(new Warned(lost.Names.Length == 0 ? $"{lost.Path}: its extended attributes can't be read; the snapshot has it without them"
            : $"{lost.Path}: of its extended attributes the snapshot does not have {lost.Names}: they can't be read, or all together have more than {ExtendedAttributes.MaxBytes} bytes")),
        (path, bytes) => report(new Warned(FormattableString.Invariant($"{path} grew while it was read; the snapshot has its first {bytes} bytes"))),
        report);

    /// <summary>A directory lists an entry more than once.</summary>
    public void Repeated(TreePath path) => Said?.Invoke(new Warned($"{path} is listed more than once by its directory; the snapshot has it once"));

    /// <summary>Another program keeps a file from being read, for longer than it may.</summary>
    public void Leased(TreePath path, TimeSpan waited) => Said?.Invoke(new Warned(FormattableString.Invariant($"{path}: another program has a lease on it and did not give it up within {waited.TotalSeconds:0} s; the snapshot is without it")));

    /// <summary>A file can't be opened for want of something.</summary>
    public void Short(TreePath path, string why) => Said?.Invoke(new Warned($"{path} can't be opened: {why}; the snapshot is without it"));

    /// <summary>A file that looked unchanged was read, and has another content than was remembered.</summary>
    public void Misremembered(TreePath path) => Said?.Invoke(new Warned($"{path} looks unchanged and has another content than was remembered of it; what was read counts"));

    /// <summary>The same, when the manifest was final already.</summary>
    public void MisrememberedTooLate(TreePath path) => Said?.Invoke(new Warned($"{path} looks unchanged and has another content than was remembered of it; whoever lacks it can't have it in this run, and the next run reads it"));
}
