using System.Data.Common;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Record.Databases;

/// <summary>Where a record is kept: a database whose tables are those of this version.</summary>
internal interface IRecordDatabase : IDisposable
{
    /// <summary>A connection for the writer. Each commit on it is durable when it returns.</summary>
    DbConnection OpenForWriting();

    /// <summary>A connection for reading, beside the writer.</summary>
    DbConnection OpenForReading();

    /// <summary>
    /// Called after <paramref name="failure"/> of a write: if the database is damaged, a new one is begun in its place,
    /// and a message for users is returned. Null: it is not damaged, and the writer may try again.
    /// </summary>
    Reason? Renew(DbException failure);
}
