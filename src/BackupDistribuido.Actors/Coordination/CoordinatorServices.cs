using Akka.Event;
using BackupDistribuido.Actors.Relay;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Record;

namespace BackupDistribuido.Actors.Coordination;

/// <summary>Shared by all parts of a coordinator: settings, time, the record, and reports to its owner.</summary>
internal sealed class CoordinatorServices(
    CoordinatorSettings settings, RunServices services, Remembered remembered, ILoggingAdapter log)
{
    private readonly long _begun = services.Clock.GetTimestamp();

    public CoordinatorSettings Settings => settings;

    /// <summary>What each run uses too.</summary>
    public RunServices OfRuns => services;

    public IJournal? Journal => services.Journal;

    public RelayPort? Relay => services.Relay;

    public Remembered Remembered => remembered;

    public ILoggingAdapter Log => log;

    public DateTimeOffset Time => services.Clock.GetUtcNow();

    /// <summary>The clock for deadlines: unlike the time of day, it is never set back or forth.</summary>
    public TimeSpan Uptime => services.Clock.GetElapsedTime(_begun);

    /// <summary>Which of two snapshots is newer now.</summary>
    public SnapshotOrder Order => new(Time);

    public void Report(NodeEvent one) => services.Report(one);

    public void Warn(Reason message)
    {
        log.Warning("{0}", message);
        services.Report(new Warned(message));
    }

    public void Note(Func<DateTimeOffset, JournalEntry> entry) => Journal?.Note(entry(Time));
}
