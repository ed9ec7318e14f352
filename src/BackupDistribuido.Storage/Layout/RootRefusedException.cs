namespace BackupDistribuido.Storage.Layout;

/// <summary>A ROOT, or an origin's folder in it, can't be used; the message says what, where and what to do. Nothing
/// was created.</summary>
public sealed class RootRefusedException(RootRefusal kind, string message) : IOException(message)
{
    /// <summary>Why.</summary>
    public RootRefusal Kind { get; } = kind;

    /// <summary>True when it is taken by somebody (exit code 6), false when it is wrong in itself (exit code
    /// 2).</summary>
    public bool IsBusy => Kind is RootRefusal.InUse or RootRefusal.OtherOrigin;
}
