using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Staging;

/// <summary>Notes each call, and answers one of them with an I/O error.</summary>
internal sealed class RecordingDurability : Durability
{
    public List<string> Calls { get; } = [];

    public bool Trusted { get; init; } = true;

    public int FailAt { get; set; } = int.MaxValue;

    /// <summary>What happens at that call, before it is answered.</summary>
    public Action Failing { get; init; } = () => { };

    public Errno Failure { get; init; } = Errno.InputOutput;

    public override Errno Sync(Descriptor file) => Answer("fsync") ?? base.Sync(file);

    public override Errno SyncFileSystem(Descriptor openedBefore) =>
        Answer("syncfs") ?? base.SyncFileSystem(openedBefore);

    public override bool Trusts(FileSystemStatus status) => Trusted;

    private Errno? Answer(string call)
    {
        Calls.Add(call);
        if (Calls.Count - 1 != FailAt) return null;
        Failing();
        return Failure == Errno.None ? null : Failure;
    }
}
