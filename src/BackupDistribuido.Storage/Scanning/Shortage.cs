using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>
/// What becomes of a call that found this process or machine short of files or memory: it is made again a few times
/// within a second; then that one entry is left out. Where the shortage is not of one entry only, it ends the reading.
/// For one thread.
/// </summary>
public sealed class Shortage
{
    /// <summary>Times that a call is made again.</summary>
    public const int Tries = 4;

    /// <summary>This many entries in a row that can't be opened are no longer a matter of a single entry.</summary>
    public const int MostInARow = 3;

    private int _inARow;

    /// <summary>How long to wait before the given try, from 1.</summary>
    public static TimeSpan Pause(int tries) => TimeSpan.FromMilliseconds(25 << tries);

    /// <summary>True where the call is to be made again, now that it was waited for.</summary>
    internal static bool Again(Errno errno, ref int tries)
    {
        if (!errno.IsShortage() || tries == Tries) return false;
        Thread.Sleep(Pause(++tries));
        return true;
    }

    /// <summary>An entry could be had.</summary>
    public void Over() => _inARow = 0;

    /// <summary>An entry could not be had, however often it was asked for.</summary>
    /// <exception cref="SourceRefusedException">Nor could those before it, or this process can open no file at
    /// all.</exception>
    public void GiveUp(TreePath path, Errno errno)
    {
        if (++_inARow < MostInARow && errno != Errno.TooManyOpen) return;
        throw new SourceRefusedException(SourceReason.Shortage(new PosixException("openat", path.ToString(),
            errno).Reason));
    }
}
