namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// The one place that asks for durability: every call's answer counts, and a failed one is never repeated on the same
/// file, because the kernel forgets the error once it was reported.
/// </summary>
internal class Durability
{
    private long _answered;

    /// <summary>How many calls have been answered: it grows, or the disk hangs. From any thread.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Makes an open file or directory durable.</summary>
    public virtual Errno Sync(Descriptor file) => Count(file.Sync());

    /// <summary>Makes an open file or directory durable.</summary>
    /// <exception cref="DurabilityException">It failed.</exception>
    public void SyncOrThrow(Descriptor file, string shown)
    {
        var errno = Sync(file);
        if (errno != Errno.None) throw new DurabilityException("fsync", shown, errno);
    }

    /// <summary>Makes all of the file system durable; reports what failed since <paramref name="openedBefore"/> was
    /// opened.</summary>
    public virtual Errno SyncFileSystem(Descriptor openedBefore) => Count(openedBefore.SyncFileSystem());

    private Errno Count(Errno answer)
    {
        Interlocked.Increment(ref _answered);
        return answer;
    }

    /// <summary>True where <see cref="SyncFileSystem"/> is trusted in place of a <see cref="Sync"/> for each file and
    /// directory.</summary>
    public virtual bool Trusts(FileSystemStatus status) =>
        status.SyncsAsAWhole && ReportsFailures(Environment.OSVersion.Version);

    /// <summary>Linux before 5.8 writes everything in a syncfs, but answers 0 also where writing failed (syncfs(2),
    /// "Versions").</summary>
    internal static bool ReportsFailures(Version kernel) => kernel >= new Version(5, 8);
}
