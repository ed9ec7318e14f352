using System.Data.Common;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Record.Databases;

/// <summary>Where a record is kept: a database whose tables are those of this version.</summary>
internal interface IRecordDatabase : IDisposable
{
    /// <summary>A connection for the one who writes. Each commit on it is durable when it returns.</summary>
    DbConnection OpenForWriting();

    /// <summary>A connection for reading, beside the writer.</summary>
    DbConnection OpenForReading();

    /// <summary>
    /// After <paramref name="failure"/> of a write: where the database is damaged, a new one is begun in its place, and
    /// what happened is returned, for people. Null: it is not, and whoever wrote may try again.
    /// </summary>
    Reason? Renew(DbException failure);
}
