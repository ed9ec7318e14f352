namespace BackupDistribuido.Record.Tests;

public sealed class SqliteJournalTests : JournalTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override RecordPlace Place => new RecordPlace.Folder(_folder["record"]);

    public void Dispose() => _folder.Dispose();
}

public sealed class SqliteRetentionTests : RetentionTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override RecordPlace Place => new RecordPlace.Folder(_folder["record"]);

    public void Dispose() => _folder.Dispose();
}

public sealed class SqliteKilledWriterTests : KilledWriterTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override RecordPlace Place => new RecordPlace.Folder(_folder["record"]);

    public void Dispose() => _folder.Dispose();
}
