using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>Opens the files of a page that is sent, and says what becomes of one that can't be opened. For one
/// thread.</summary>
internal sealed class FileOpener(ISnapshotSource source, RetriedFiles held)
{
    private readonly Shortage _shortage = new();

    /// <summary>Those that can't be opened just now.</summary>
    public RetriedFiles Held => held;

    /// <summary>
    /// The file; null where it is held back, or to be left out because of <paramref name="why"/>.
    /// <paramref name="mayWait"/>: what was sent of it can be taken back, if anything was.
    /// <paramref name="mayAnnounce"/>: the receivers can be told that it is waited for.
    /// </summary>
    /// <exception cref="SourceRefusedException">This process or machine is short of something, and not for this file
    /// only.</exception>
    public SourceFile? Open(FileEntry announced, Need need, bool mayWait, bool mayAnnounce, out Omission? why)
    {
        why = null;
        if (source.TryOpen(need.Entry, announced, out var file, out var failure))
        {
            _shortage.Over();
            held.Over(need.Entry);
            return file;
        }
        if ((failure.IsLeased || failure.IsShortage) && mayWait && held.Add(need, failure.IsShortage, mayAnnounce))
            return null;
        var waited = held.Over(need.Entry);
        source.CannotRead(announced.Path, failure.Errno);
        if (failure.IsShortage)
        {
            _shortage.GiveUp(announced.Path, failure.Errno);
            source.Notes.Short(announced.Path,
                new PosixException("openat", announced.Path.ToString(), failure.Errno).Reason);
        }
        else if (failure.IsLeased) source.Notes.Leased(announced.Path, waited);
        why = failure.Why;
        return null;
    }
}
