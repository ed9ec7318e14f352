using System.Globalization;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Components.Words;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Web.Components.Coordinator;

/// <summary>A plan as boxes and lines, from left to right; lengths in pixels.</summary>
internal sealed class PlanDrawing
{
    public const int NodeWidth = 132, NodeHeight = 34;

    /// <summary>A plan with more destinations is described in words only.</summary>
    public const int MostNodes = 60;

    private const int Across = 236, Down = 48, Margin = 4, LongestLabel = 16;

    private readonly List<Node> _nodes = [];
    private readonly List<Edge> _edges = [];
    private readonly RunStatus _run;
    private readonly NodeState _state;
    private int _rows;
    private int _columns;

    private PlanDrawing(RunStatus run, NodeState state) => (_run, _state) = (run, state);

    public IReadOnlyList<Node> Nodes => _nodes;

    public IReadOnlyList<Edge> Edges => _edges;

    public int Width => Math.Max(0, _columns - 1) * Across + NodeWidth + 2 * Margin;

    public int Height => Math.Max(0, _rows - 1) * Down + NodeHeight + 2 * Margin;

    /// <summary>The drawing of a run's plan; null where there is none, or it is too large.</summary>
    public static PlanDrawing? Of(RunStatus run, NodeState state)
    {
        if (run.Members?.Any(member => member.Parent is not null) != true || run.Members.Count > MostNodes) return null;
        var drawing = new PlanDrawing(run, state);
        drawing.Add(run.Root ?? run.Origin, "root", 0);
        return drawing;
    }

    /// <summary>Places a node right of those before it and its children right of it, and gives its middle.</summary>
    private int Add(NodeName name, string tone, int column)
    {
        _columns = Math.Max(_columns, column + 1);
        // A plan has no cycles, but a status may claim one.
        var children = column > MostNodes ? [] : ChildrenOf(name, column == 0).ToList();
        var top = _rows;
        var middles = children.Select(child => (child, Y: Add(child.Name, child.Tone, column + 1))).ToList();
        if (children.Count == 0) _rows++;
        var y = children.Count == 0 ? Margin + top * Down + NodeHeight / 2 : (middles[0].Y + middles[^1].Y) / 2;
        var x = Margin + column * Across;
        _nodes.Add(new Node(name.ToString(), tone, x, y - NodeHeight / 2));
        foreach (var (child, below) in middles)
            _edges.Add(new Edge(x + NodeWidth, y, x + Across, below, _state.Speed(_run.Run, child.Name)));
        return y;
    }

    /// <summary>
    /// The children of a node. A coordinator that forwards is not a destination of the run: it is placed below the
    /// root.
    /// </summary>
    private IEnumerable<(NodeName Name, string Tone)> ChildrenOf(NodeName name, bool isRoot)
    {
        var members = _run.Members!;
        foreach (var member in members.Where(member => member.Parent == name))
            yield return (member.Name, Standings.Tone(member.Standing));
        if (!isRoot) yield break;
        foreach (var relay in members.Select(member => member.Parent).OfType<NodeName>().Distinct()
            .Where(parent => parent != name && members.All(member => member.Name != parent))) yield return (relay,
            "plain");
    }

    internal sealed record Node(string Name, string Tone, int X, int Y)
    {
        public string Label => Name.Length <= LongestLabel ? Name : Name[..(LongestLabel - 1)] + "…";

        public int TextX => X + NodeWidth / 2;

        public int TextY => Y + NodeHeight / 2 + 5;
    }

    internal sealed record Edge(int X1, int Y1, int X2, int Y2, double Speed)
    {
        public string Path =>
            string.Create(CultureInfo.InvariantCulture, $"M{X1} {Y1} C{X1 + 44} {Y1} {X2 - 64} {Y2} {X2} {Y2}");

        public int LabelX => X2 - 50;

        public int LabelY => Y2 - 6;
    }
}
