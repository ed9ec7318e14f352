using System.Collections.Immutable;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Cli.Output;

/// <summary>What the live view of a node shows; bounded however long the node runs. Not thread-safe.</summary>
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
    private RunId? _run;
    private long _received;

    public NodeRole Role => role;
    public string Title => title;
    public Speed Speed { get; } = new();
    public string Link { get; private set; } = "";
    public string Activity { get; private set; } = "";
    public string Counts { get; private set; } = "";
    public bool Waiting { get; private set; } = true;
    public TreeTotals Done { get; private set; }
    public TreeTotals? Total { get; private set; }

    /// <summary>The last files, newest first.</summary>
    public IEnumerable<FileStored> Files => _files.Reverse();

    /// <summary>What the owner should know, oldest first.</summary>
    public IEnumerable<string> Notes => _notes;

    /// <summary>What happened at a coordinator, newest first: it has no files to show.</summary>
    public IEnumerable<(DateTimeOffset Time, string Text)> Events => _events.Reverse();

    /// <summary>A coordinator's runs that are under way.</summary>
    public IEnumerable<LiveRun> Runs => _runs.Values;

    /// <summary>Destinations (at a coordinator: all nodes) by name.</summary>
    public IEnumerable<KeyValuePair<string, LiveMember>> Members => _members.OrderBy(member => member.Key, StringComparer.Ordinal);

    /// <summary>Takes an event in.</summary>
    public void Apply(NodeEvent happened, DateTimeOffset time)
    {
        if (role == NodeRole.Coordinator && happened is NodeJoined or NodeLeft or RunStarted or RunPaused or DestinationLost or ReplicaCounted or SnapshotProtected or RunFinished)
            Push(_events, (time, PlainLines.Describe(happened)), MaxEvents);
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
                    + (e.Eligible < e.Connected ? FormattableString.Invariant($", {e.Eligible} able to hold the tree") : "");
                break;
            case NodeJoined e:
                Counts = $"{Words.Count(e.Connected, "destination")} connected";
                Member(e.Role, e.Name, MemberState.Active, "connected");
                break;
            case NodeLeft e:
                Counts = $"{Words.Count(e.Connected, "destination")} connected";
                Member(e.Role, e.Name, e.TookLeave ? MemberState.Left : MemberState.Lost, e.TookLeave ? "left" : $"lost: {e.Reason}");
                break;
            case RunStarted e:
                Waiting = false;
                // Another plan of a run leaves what is stored; another run begins anew.
                var isNew = _run != e.Run;
                _run = e.Run;
                if (role == NodeRole.Coordinator && _runs.Count < MaxRuns) _runs.TryAdd(e.Run, new LiveRun($"{e.Origin} {e.Snapshot}"));
                Activity = FormattableString.Invariant($"copying {e.Origin} {e.Snapshot}, epoch {e.Epoch}");
                foreach (var name in e.Destinations)
                {
                    if (isNew || !_members.TryGetValue(name.ToString(), out var member) || member.State != MemberState.Stored) Member(NodeRole.Destination, name, MemberState.Active, "copying");
                }
                break;
            case RunPaused e:
                Activity = $"paused {e.Origin} {e.Snapshot}";
                break;
            case DeliveryProgress e:
                if (e.Run is { } under && _runs.TryGetValue(under, out var run)) run.Sample(e, time);
                // A coordinator may have several runs at once, and has a bar for each destination alone.
                if (role == NodeRole.Origin)
                {
                    (Done, Total) = (e.Sent, e.Total);
                    Speed.Sample(time, e.Sent.Bytes);
                }
                foreach (var (name, bytes) in e.ByDestination ?? ImmutableDictionary<NodeName, long>.Empty)
                {
                    if (e.Total.Bytes > 0 && _members.TryGetValue(name.ToString(), out var copying) && copying.State == MemberState.Active)
                        _members[name.ToString()] = copying with { Part = Math.Clamp((double)bytes / e.Total.Bytes, 0, 1) };
                }
                break;
            case FileStored e:
                Push(_files, e, MaxFiles);
                if (role != NodeRole.Destination) break;
                Waiting = false;
                Done += new TreeTotals(1, 1, e.Bytes);
                break;
            case ContentReceived e:
                Waiting = false;
                Speed.Sample(time, _received += e.Bytes);
                break;
            case DestinationLost e:
                Member(NodeRole.Destination, e.Destination, MemberState.Lost, $"lost: {e.Reason}");
                break;
            case ReplicaCounted e:
                Member(NodeRole.Destination, e.Destination, MemberState.Stored, FormattableString.Invariant($"stored ({e.Copies}/{e.Required})"));
                break;
            case SnapshotProtected e:
                Activity = FormattableString.Invariant($"PROTECTED {e.Copies}/{e.Required}: {e.Origin} {e.Snapshot}");
                break;
            case RunFinished e:
                _runs.Remove(e.Summary.Run);
                Activity = FinalLines.Headline(e.Summary);
                break;
            case ReplicaResumed e:
                Activity = PlainLines.Describe(e);
                break;
            case ReplicaPublished e:
                Activity = $"stored {e.Origin} {e.Snapshot}: {Words.Count(e.Totals.Files, "file")}, {Words.Bytes(e.Totals.Bytes)}";
                break;
            case ReplicaVerified { Destination: null }:
                Activity = PlainLines.Describe(happened);
                break;
            case EntrySkipped or SnapshotAtRisk or SnapshotTooOld or Warned or PagesOpened or ReplicaDamaged or ReplicaVerified:
                Push(_notes, PlainLines.Describe(happened), MaxNotes);
                break;
        }
    }

    private void Member(NodeRole of, NodeName name, MemberState state, string words)
    {
        var key = of == NodeRole.Destination ? name.ToString() : $"{name} ({Words.Of(of)})";
        if (_members.Count >= MaxMembers && !_members.ContainsKey(key))
            _members.Remove(_members.OrderByDescending(member => member.Value.State is MemberState.Lost or MemberState.Left).First().Key);
        _members[key] = new LiveMember(state, words);
    }

    private static void Push<T>(Queue<T> queue, T item, int max)
    {
        if (queue.Count == max) queue.Dequeue();
        queue.Enqueue(item);
    }
}
