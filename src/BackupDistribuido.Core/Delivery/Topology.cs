namespace BackupDistribuido.Core.Delivery;

/// <summary>What an origin's owner wants the plan to look like.</summary>
public enum TopologyChoice
{
    /// <summary>A star where all of it is one machine or there is one destination, else a chain.</summary>
    Auto,
    /// <summary>Each destination forwards to the next one.</summary>
    Chain,
    /// <summary>The origin sends to every destination itself.</summary>
    Star,
    /// <summary>The origin sends to the coordinator, which forwards to every destination.</summary>
    Relay,
}

/// <summary>
/// The shapes of a plan, each a pure function from the destinations, in their order and without children, to those that
/// hang from the root with all others below them. Each destination is in the result exactly once.
/// </summary>
public static class Topology
{
    /// <summary>The root sends to every destination itself.</summary>
    public static IReadOnlyList<PlanNode> Star(IReadOnlyList<PlanNode> destinations) => destinations;

    /// <summary>The root sends to the first, which forwards to the second, and so on.</summary>
    public static IReadOnlyList<PlanNode> Chain(IReadOnlyList<PlanNode> destinations) => Tree(destinations, 1);

    /// <summary>The root sends to <paramref name="relay"/>, which stores nothing and forwards to every
    /// destination.</summary>
    public static IReadOnlyList<PlanNode> Relay(PlanNode relay, IReadOnlyList<PlanNode> destinations) =>
        [relay with { Children = destinations }];

    /// <summary>Everyone, the root too, forwards to <paramref name="arity"/> others at most, level by level.</summary>
    public static IReadOnlyList<PlanNode> Tree(IReadOnlyList<PlanNode> destinations, int arity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arity, 1);
        // The root is place 0 and destination i place i + 1; the children of place p are the places from p * arity + 1
        // on.
        var built = new PlanNode[destinations.Count];
        for (var i = destinations.Count - 1; i >= 0; i--) built[i] = destinations[i] with { Children = Below(i + 1) };
        return Below(0);

        PlanNode[] Below(long place) => [.. built.Skip((int)Math.Min(place * arity, built.Length)).Take(arity)];
    }
}
