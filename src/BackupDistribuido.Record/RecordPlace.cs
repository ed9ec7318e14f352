namespace BackupDistribuido.Record;

/// <summary>Where a record is kept.</summary>
public abstract record RecordPlace
{
    private RecordPlace() { }

    /// <summary>In <c>record.db</c> (SQLite) in this folder, which is made where it isn't there.</summary>
    public sealed record Folder(string Path) : RecordPlace;

    /// <summary>In a PostgreSQL database, by a connection string as Npgsql reads it.</summary>
    public sealed record Server(string Connection) : RecordPlace
    {
        /// <summary>Without the connection, which may have a password in it.</summary>
        public override string ToString() => nameof(Server);
    }
}
