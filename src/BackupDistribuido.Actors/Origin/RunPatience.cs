using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Actors.Origin;

/// <summary>
/// How long an origin waits for a lost coordinator. Links go on without one, and so does the run as long as content
/// moves; when neither is heard of, it is no longer possible to know what is stored. It outlives incarnations.
/// </summary>
/// <param name="wait">How long the owner waits for destinations; null: for ever.</param>
internal sealed class RunPatience(TimeSpan? wait, TimeProvider clock)
{
    /// <summary>A run is not given up sooner, however short the owner's wait.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Without a run, once the owner's wait is over, this silence is the end; and for this time after its last message
    /// a run that has sent nothing here counts as under way.
    /// </summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    private long _heard = clock.GetTimestamp(), _moved = clock.GetTimestamp();
    private long? _runHeard;
    private TreeTotals _sent;

    /// <summary>How long a run goes on with no message from its coordinator and nothing sent.</summary>
    public TimeSpan Bound => wait is { } given && given > Least ? given : Least;

    /// <summary>The coordinator has answered.</summary>
    public void Heard() => _heard = clock.GetTimestamp();

    /// <summary>A run that sends nothing from here yet says that it is under way.</summary>
    public void RunHeard() => _runHeard = clock.GetTimestamp();

    /// <summary>So much has been sent.</summary>
    public void Sent(TreeTotals sent)
    {
        if (sent.Bytes <= _sent.Bytes && sent.Entries <= _sent.Entries) return;
        (_sent, _moved) = (sent, clock.GetTimestamp());
    }

    /// <summary>Whether a run was heard of a moment ago.</summary>
    public bool HasRunBegun => _runHeard is { } at && clock.GetElapsedTime(at) < Moment;

    /// <summary>Whether the coordinator is silent.</summary>
    public bool IsSilent => clock.GetElapsedTime(_heard) >= Moment;

    /// <summary>Whether a run is to be given up.</summary>
    public bool IsOver => clock.GetElapsedTime(Math.Max(_heard, _moved)) >= Bound;
}
