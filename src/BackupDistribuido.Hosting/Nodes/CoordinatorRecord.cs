using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.History;
using BackupDistribuido.Record;
using BackupDistribuido.Record.Databases;

namespace BackupDistribuido.Hosting.Nodes;

/// <summary>A coordinator's record, as its owner configured it.</summary>
internal static class CoordinatorRecord
{
    /// <summary>Opens it; null where none is wanted.</summary>
    /// <exception cref="CommandFailure">It can't be kept there.</exception>
    public static Journal? Open(RecordSettings? settings, Action<NodeEvent> report)
    {
        if (settings is null) return null;
        try
        {
            return Journal.Open(settings.Place, settings.Retention, TimeProvider.System,
                why => report(new Warned(why)));
        }
        catch (RecordInUseException e)
        {
            throw new CommandFailure(ExitCode.Busy,
                $"{e.Message}; give this one its own place with --data DIR or backup.coordinator.database", e);
        }
        catch (RecordException e)
        {
            throw new CommandFailure(ExitCode.Usage,
                $"the coordinator's record: {e.Message}; give --data DIR that this user can write, or "
                + "backup.coordinator.database, or set backup.coordinator.record = off to keep none", e);
        }
    }

    /// <summary>
    /// The newest runs; none if the record can't be read (a later question for them reports the error).
    /// </summary>
    public static async Task<IReadOnlyList<RunHistory>> LastRuns(Journal journal)
    {
        try
        {
            return await journal.RunsAsync(null, AskRuns.MostAnswered).ConfigureAwait(false);
        }
        catch (RecordException)
        {
            return [];
        }
    }

    /// <summary>What happened before this life of the coordinator; nothing where it can't be read.</summary>
    public static async Task<IReadOnlyList<EventHistory>> LastEvents(Journal? journal, int most)
    {
        try
        {
            return journal is null ? [] : await journal.EventsAsync(most).ConfigureAwait(false);
        }
        catch (RecordException)
        {
            return [];
        }
    }

    /// <summary>Records an event, except progress, which no one needs later.</summary>
    public static void Note(IJournal journal, NodeEvent happened)
    {
        if (happened is not ProgressEvent)
            journal.Note(new Happened(TimeProvider.System.GetUtcNow(), happened));
    }
}
