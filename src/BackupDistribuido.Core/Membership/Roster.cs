using System.Diagnostics.CodeAnalysis;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Core.Membership;

/// <summary>What became of a registration.</summary>
public enum RosterChange
{
    /// <summary>The node was not there before.</summary>
    Joined,
    /// <summary>A newer incarnation took its own place over.</summary>
    Replaced,
    /// <summary>It is connected already; its registration may bring news.</summary>
    Renewed,
    /// <summary>The name belongs to another identity that is alive, or this incarnation is an old one.</summary>
    Refused,
}

/// <summary>
/// The live nodes of one role, by name. An identity owns its name while it lives: the same identity's newer incarnation
/// replaces the older at once, another identity is refused. Nothing is kept of a node that left.
/// <typeparamref name="TEntry"/> is the data about each.
/// </summary>
public sealed class Roster<TEntry> where TEntry : class
{
    private readonly SortedDictionary<string, (NodeIdentity Node, TEntry Entry)> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeName> _names = new(StringComparer.Ordinal);

    /// <summary>How many are alive: for destinations the connected count.</summary>
    public int Count => _live.Count;

    /// <summary>Everyone, by name.</summary>
    public IEnumerable<TEntry> Entries => _live.Values.Select(value => value.Entry);

    /// <summary>The live node of that name.</summary>
    public bool TryGet(NodeName name, [NotNullWhen(true)] out TEntry? entry)
    {
        var found = _live.TryGetValue(name.ToString(), out var value);
        entry = found ? value.Entry : null;
        return found;
    }

    /// <summary>The live node of that identity, whatever its name; of several the last one that came.</summary>
    public bool TryFind(string identity, [NotNullWhen(true)] out TEntry? entry)
    {
        entry = null;
        return _names.TryGetValue(identity, out var name) && TryGet(name, out entry);
    }

    /// <summary>Takes a registration in, or refuses it and changes nothing.</summary>
    public RosterChange Register(NodeIdentity node, TEntry entry)
    {
        var admission = !_live.TryGetValue(node.Name.ToString(), out var known) ? RosterChange.Joined
            : known.Node.Identity != node.Identity || known.Node.Incarnation > node.Incarnation ? RosterChange.Refused
            : known.Node.Incarnation < node.Incarnation ? RosterChange.Replaced
            : RosterChange.Renewed;
        if (admission == RosterChange.Refused) return admission;
        (_live[node.Name.ToString()], _names[node.Identity]) = ((node, entry), node.Name);
        return admission;
    }

    /// <summary>Forgets a node, unless a newer incarnation has taken its place meanwhile. True where it was
    /// there.</summary>
    public bool Remove(NodeIdentity node)
    {
        if (!_live.TryGetValue(node.Name.ToString(), out var known) || known.Node != node) return false;
        if (_names.TryGetValue(node.Identity, out var name) && name == node.Name) _names.Remove(node.Identity);
        return _live.Remove(node.Name.ToString());
    }
}
