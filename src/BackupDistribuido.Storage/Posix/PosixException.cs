using System.Runtime.InteropServices;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Posix;

/// <summary>A system call failed. The message names the call, the path in printable form, and the meaning of the error
/// number.</summary>
public class PosixException : IOException, IReasoned
{
    /// <summary>The call failed there with that.</summary>
    public PosixException(string call, string path, Errno errno)
        : this(NodeReason.CallFailed(path, Reason.Text(Marshal.GetPInvokeErrorMessage((int)errno)), call, (int)errno),
            errno)
    {
    }

    private protected PosixException(Reason reason, Errno errno) : base(reason.ToString()) =>
        (Reason, Errno) = (reason, errno);

    /// <inheritdoc/>
    public Reason Reason { get; }

    /// <summary>The system's error number.</summary>
    public Errno Errno { get; }
}

/// <summary>Something is mounted where only our own files should be: it is left alone.</summary>
public sealed class MountedException(string path, Errno errno)
    : PosixException(RootReason.SomethingMounted(path), errno);

/// <summary>A file system accepted a name, and stores it as another one or takes it for that of another
/// entry.</summary>
public sealed class NameNotKeptException(TreePath path) : PosixException(RootReason.StoredAsOther(path), Errno.Exists);

/// <summary>Turns error numbers into exceptions where nothing else can be made of them.</summary>
internal static class ErrnoChecks
{
    /// <summary>The same, but success where the call failed in the one way that is <paramref name="expected"/>
    /// here.</summary>
    public static Errno Except(this Errno errno, Errno expected) => errno == expected ? Errno.None : errno;

    public static void OrThrow(this Errno errno, string call, string path)
    {
        if (errno != Errno.None) throw new PosixException(call, path, errno);
    }

    public static void OrThrow(this Errno errno, string call, TreePath path)
    {
        if (errno != Errno.None) throw new PosixException(call, path.ToString(), errno);
    }

    /// <summary>True for errors with which a file system may refuse a name; they may mean something else too.</summary>
    public static bool MayBeOfTheName(this Errno errno) =>
        errno is Errno.Invalid or Errno.NameTooLong or Errno.IllegalSequence;

    /// <summary>True for a shortage of this process or machine, which says nothing about the file.</summary>
    public static bool IsShortage(this Errno errno) =>
        errno is Errno.TooManyOpen or Errno.TooManyOpenInSystem or Errno.NoMemory;
}
