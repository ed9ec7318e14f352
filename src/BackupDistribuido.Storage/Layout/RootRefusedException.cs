using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Storage.Layout;

/// <summary>A ROOT, or an origin's folder in it, can't be used; the message says what, where and what to do. Nothing
/// was created.</summary>
public sealed class RootRefusedException(RootRefusal kind, Reason reason)
    : IOException(reason.ToString()), IReasoned
{
    /// <summary>Why.</summary>
    public RootRefusal Kind { get; } = kind;

    /// <inheritdoc/>
    public Reason Reason { get; } = reason;

    /// <summary>True if it is in use (exit code 6), false if it is unsuitable (exit code 2).</summary>
    public bool IsBusy => Kind is RootRefusal.InUse or RootRefusal.OtherOrigin;
}

/// <summary>Why a destination's ROOT, or an origin's folder in it, was refused.</summary>
public enum RootRefusal
{
    /// <summary>It does not exist, and neither does the folder that it would be made in.</summary>
    ParentMissing,
    /// <summary>Its name belongs to something that is not a directory.</summary>
    NotADirectory,
    /// <summary>This user may not write there, or the file system is read-only.</summary>
    NotWritable,
    /// <summary>It has content that is not ours, and adopting it was not asked for.</summary>
    Foreign,
    /// <summary>A separately mounted file system was required, and it is on the system's.</summary>
    NotMounted,
    /// <summary>A live destination uses it.</summary>
    InUse,
    /// <summary>The folder of this name holds the copies of another origin.</summary>
    OtherOrigin,
    /// <summary>The file system lacks something that is needed, or failed.</summary>
    Unusable,
}
