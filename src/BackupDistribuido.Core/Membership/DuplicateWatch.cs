using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Core.Membership;

/// <summary>What becomes of a destination's registration, by its identity.</summary>
public enum IdentityVerdict
{
    /// <summary>No other connected node has its identity.</summary>
    Alone,
    /// <summary>It is the same ROOT under another name: the old name is forgotten.</summary>
    TakesOver,
    /// <summary>Another one has its identity and is not known to be gone: this one does not count.</summary>
    Waits,
}

/// <summary>Two live destinations with one identity: a ROOT that was copied with its <c>.bdist/id</c>. They are one
/// copy.</summary>
/// <param name="Counted">The one that counts: it was here first.</param>
/// <param name="Other">The one that does not.</param>
public sealed record Duplicates(DestinationRegistration Counted, DestinationRegistration Other)
{
    private const int MostShown = 200;

    /// <summary>That they are one copy.</summary>
    public Reason Why
    {
        get
        {
            var (here, there) =
                ($"{Counted.Node.Name} ({Shown(Counted.Place)})", $"{Other.Node.Name} ({Shown(Other.Place)})");
            return MemberReason.Twins(here, there);
        }
    }

    internal static string Shown(string place) => place.Length <= MostShown ? place : place[..MostShown] + "…";
}

/// <summary>
/// Distinguishes a ROOT that goes on under another name or at another place from one that exists twice: the first one
/// counts while it is heard, and a newcomer with its identity waits until it is not. One ROOT has one process, because
/// of its lock: at the same place, the newer incarnation takes over at once. No clock; at most <see cref="Most"/> wait.
/// </summary>
/// <param name="lease">Silence after which one that waits is forgotten.</param>
public sealed class DuplicateWatch(TimeSpan lease)
{
    /// <summary>Most that wait; of more, no warning names them.</summary>
    public const int Most = 1000;

    private readonly Dictionary<NodeIdentity, (
        DestinationRegistration Said, DestinationRegistration? Counted, TimeSpan Last)> _waiting = [];

    /// <summary>A destination speaks, <paramref name="now"/> after the coordinator's start; <paramref name="live"/> is
    /// the connected one with its identity, or null.</summary>
    public IdentityVerdict Handle(DestinationRegistration said, DestinationRegistration? live, TimeSpan now)
    {
        foreach (var silent in _waiting.Where(one => now - one.Value.Last > lease).Select(one => one.Key).ToList())
            _waiting.Remove(silent);
        if (live is null || live.Node == said.Node || (live.Node.Name == said.Node.Name && live.Place == said.Place))
        {
            _waiting.Remove(said.Node);
            // The one that counts is still there: the waiting one is its twin.
            foreach (var node in _waiting.Keys.Where(node => live is not null && node.Identity == said.Node.Identity)
                .ToList()) _waiting[node] = _waiting[node] with { Counted = said };
            return IdentityVerdict.Alone;
        }
        if (live.Place == said.Place && said.Node.Incarnation > live.Node.Incarnation) return IdentityVerdict.TakesOver;
        var known = _waiting.GetValueOrDefault(said.Node);
        if (known.Said is not null || _waiting.Count < Most) _waiting[said.Node] = (said, known.Counted, now);
        return IdentityVerdict.Waits;
    }

    /// <summary>Those that are certain: both have spoken since the second one came.</summary>
    public IEnumerable<Duplicates> Certain =>
        _waiting.Values.Where(one => one.Counted is not null).Select(one => new Duplicates(one.Counted!, one.Said));

    /// <summary>The pair that this one is the uncounted one of; null where that is not certain.</summary>
    public Duplicates? Of(NodeIdentity node) =>
        _waiting.TryGetValue(node, out var one) && one.Counted is { } counted
            ? new Duplicates(counted, one.Said) : null;
}
