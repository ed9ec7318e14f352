using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Output.Live;

/// <summary>The data of a node's live view; bounded however long the node runs. Not thread-safe.</summary>
internal sealed class LiveModel(NodeRole role, string title)
{
    private const int MaxFiles = 50;
    private const int MaxMembers = 200;
    private const int MaxNotes = 5;
    private const int MaxEvents = 50;
    private const int MaxRuns = 50;

    private readonly Queue<FileStored> _files = new();
    private readonly Queue<string> _notes = new();
    private readonly Queue<(DateTimeOffset Time, string Text)> _events = new();
    private readonly Dictionary<string, LiveMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<RunId, LiveRun> _runs = [];
    private readonly Dictionary<RunId, ReceptionProgress> _receptions = [];
    private string _activity = "";
    private RunId? _run;
    private SnapshotId? _snapshot;

    public NodeRole Role => role;
    public string Title => title;
    public string Link { get; private set; } = "";

    /// <summary>The node's current activity, in one line. A run that waits for a destination does not copy.</summary>
    public string Activity =>
        Shown is { Progress.Wait: not null } && (role == NodeRole.Coordinator || !IsOver)
            ? $"waiting: {Shown.Origin} {_snapshot}" : _activity;

    /// <summary>The run that the activity is about.</summary>
    private DeliveryProgress? Shown =>
        role == NodeRole.Origin
            ? Progress : _run is { } last && _runs.TryGetValue(last, out var run) ? run.Progress : null;

    public string Counts { get; private set; } = "";
    public bool Waiting { get; private set; } = true;

    /// <summary>Totals that a destination has verified since it started.</summary>
    public TreeTotals Done { get; private set; }

    /// <summary>How far an origin's run is; null: there is none, or nothing is known of it.</summary>
    public DeliveryProgress? Progress { get; private set; }

    /// <summary>Whether an origin's run has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The snapshot that a destination is receiving.</summary>
    public IEnumerable<ReceptionProgress> Receptions => _receptions.Values;

    /// <summary>The last files, newest first.</summary>
    public IEnumerable<FileStored> Files => _files.Reverse();

    /// <summary>Notes for the owner, oldest first.</summary>
    public IEnumerable<string> Notes => _notes;

    /// <summary>Events at a coordinator, newest first: it has no files to show.</summary>
    public IEnumerable<(DateTimeOffset Time, string Text)> Events => _events.Reverse();

    /// <summary>A coordinator's runs that are under way.</summary>
    public IEnumerable<LiveRun> Runs => _runs.Values;

    /// <summary>Destinations (at a coordinator: all nodes) by name.</summary>
    public IEnumerable<KeyValuePair<string, LiveMember>> Members =>
        _members.OrderBy(member => member.Key, StringComparer.Ordinal);

    /// <summary>Takes an event in.</summary>
    public void Apply(NodeEvent happened, DateTimeOffset time)
    {
        if (role == NodeRole.Coordinator && happened is NodeJoined or NodeLeft or RunStarted or RunPaused
            or DestinationLost or ReplicaCounted or SnapshotProtected or RunFinished)
            Push(_events, (time, EventText.Describe(happened)), MaxEvents);
        switch (happened)
        {
            case Listening e:
                Link = $"{e.What} on {e.Address}";
                break;
            case Connected e:
                Link = $"connected to {e.Coordinator}";
                break;
            case Disconnected e:
                Link = $"no coordinator at {e.Coordinator}: {e.Reason}; still trying";
                break;
            case DestinationsChanged e:
                Counts = FormattableString.Invariant($"{e.Connected}/{e.Required} connected")
                    + (e.Eligible < e.Connected
                        ? FormattableString.Invariant($", {e.Eligible} able to hold the tree") : "");
                break;
            case NodeJoined e:
                Counts = $"{Words.Count(e.Connected, "destination")} connected";
                Member(e.Role, e.Name, MemberState.Active, "connected");
                break;
            case NodeLeft e:
                Counts = $"{Words.Count(e.Connected, "destination")} connected";
                Member(e.Role, e.Name, e.TookLeave ? MemberState.Left : MemberState.Lost,
                    e.TookLeave ? "left" : $"lost: {e.Reason}");
                break;
            case RunStarted e:
                (Waiting, IsOver, _snapshot) = (false, false, e.Snapshot);
                // Another plan of a run keeps what is stored; another run starts from zero.
                var isNew = _run != e.Run;
                if (isNew) Progress = null;
                _run = e.Run;
                if (role == NodeRole.Coordinator && _runs.Count < MaxRuns)
                    _runs.TryAdd(e.Run, new LiveRun($"{e.Origin} {e.Snapshot}", null));
                _activity = FormattableString.Invariant($"copying {e.Origin} {e.Snapshot}, epoch {e.Epoch}");
                foreach (var name in e.Destinations)
                {
                    if (isNew || !_members.TryGetValue(name.ToString(), out var member)
                        || member.State != MemberState.Stored) Member(NodeRole.Destination, name, MemberState.Active,
                        "copying");
                }
                break;
            case RunPaused e:
                _activity = $"paused {e.Origin} {e.Snapshot}";
                break;
            case DeliveryProgress e:
                if (_runs.TryGetValue(e.Run, out var run)) _runs[e.Run] = run with { Progress = e };
                // A coordinator may have several runs at once, and has a bar for each destination alone.
                if (role == NodeRole.Origin) Progress = e;
                foreach (var (name, copy) in e.Copies)
                {
                    if (_members.TryGetValue(name.ToString(), out var copying) && copying.State == MemberState.Active)
                        _members[name.ToString()] = copying with
                        {
                            Copy = copy.Total > 0 ? copy : null,
                            Words = ProgressText.Of(copy.Standing)
                        };
                }
                break;
            case ReceptionStarted e:
                Waiting = false;
                _activity = EventText.Describe(e);
                break;
            case ReceptionProgress e:
                if (_receptions.Count < MaxRuns || _receptions.ContainsKey(e.Run)) _receptions[e.Run] = e;
                break;
            case ReceptionEnded e:
                _receptions.Remove(e.Run);
                break;
            case FileStored e:
                Push(_files, e, MaxFiles);
                if (role != NodeRole.Destination) break;
                Waiting = false;
                Done += new TreeTotals(1, 1, e.Bytes);
                break;
            case DestinationLost e:
                Member(NodeRole.Destination, e.Destination, MemberState.Lost, $"lost: {e.Reason}");
                break;
            case ReplicaCounted e:
                Member(NodeRole.Destination, e.Destination, MemberState.Stored,
                    FormattableString.Invariant($"stored ({e.Copies}/{e.Required})"));
                break;
            case SnapshotProtected e:
                _activity = FormattableString.Invariant($"PROTECTED {e.Copies}/{e.Required}: {e.Origin} {e.Snapshot}");
                break;
            case RunFinished e:
                _runs.Remove(e.Summary.Run);
                IsOver = true;
                _activity = EventText.Describe(e);
                break;
            case ReplicaResumed e:
                _activity = EventText.Describe(e);
                break;
            case ReplicaPublished e:
                _activity =
                    $"stored {e.Origin} {e.Snapshot}: {Words.Count(e.Totals.Files, "file")}, "
                    + $"{Words.Bytes(e.Totals.Bytes)}";
                break;
            case ReplicaVerified { Destination: null }:
                _activity = EventText.Describe(happened);
                break;
            case EntrySkipped or SnapshotAtRisk or SnapshotTooOld or Warned or ReplicaDamaged or ReplicaVerified:
                Push(_notes, EventText.Describe(happened), MaxNotes);
                break;
        }
    }

    private void Member(NodeRole of, NodeName name, MemberState state, string words)
    {
        var key = of == NodeRole.Destination ? name.ToString() : $"{name} ({of.Code()})";
        if (_members.Count >= MaxMembers && !_members.ContainsKey(key))
            _members.Remove(_members.OrderByDescending(member => member.Value.State is MemberState.Lost
                or MemberState.Left).First().Key);
        _members[key] = new LiveMember(state, words);
    }

    private static void Push<T>(Queue<T> queue, T item, int max)
    {
        if (queue.Count == max) queue.Dequeue();
        queue.Enqueue(item);
    }
}

/// <summary>How a member of the live view is doing.</summary>
internal enum MemberState
{
    /// <summary>Connected, or taking part.</summary>
    Active,
    /// <summary>Its replica is stored.</summary>
    Stored,
    /// <summary>Gone or failed.</summary>
    Lost,
    /// <summary>It took its leave.</summary>
    Left,
}

/// <summary>One member's line in the live view; <paramref name="Copy"/> is how much of the tree it has, null where that
/// is not known.</summary>
internal readonly record struct LiveMember(MemberState State, string Words, CopyProgress? Copy = null);

/// <summary>A run in a live view. <paramref name="Progress"/> is the last that was heard of it; null: nothing
/// was.</summary>
/// <param name="Name">Its origin and snapshot.</param>
internal sealed record LiveRun(string Name, DeliveryProgress? Progress);
