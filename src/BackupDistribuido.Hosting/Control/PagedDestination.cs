using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Hosting.Control;

/// <summary>A destination under a page.</summary>
public sealed class PagedDestination(
    INodes nodes, INodeChoices<DestinationSettings> choices, NodeContext context) : IPagedNode
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly DestinationControl _control = new();
    private readonly Lock _gate = new();
    private (long At, string Folder, long? Free, IReadOnlyList<HeldByOrigin> Held) _seen = (0, "", null, []);

    /// <inheritdoc/>
    public string KeptIn => choices.KeptIn;

    /// <inheritdoc/>
    public void Keep(NodeSetup setup) => choices.Keep(setup);

    /// <inheritdoc/>
    public (string Name, Func<CancellationToken, Task<ExitCode>> Run) Prepare(NodeSetup setup)
    {
        var (settings, security) = choices.Read(setup);
        var (controlled, secured) = (settings with { Control = _control }, context with { Security = security });
        return (settings.Name.ToString(), stop => nodes.RunDestination(controlled, secured, stop));
    }

    /// <inheritdoc/>
    public void LetStart(bool may) { }

    /// <inheritdoc/>
    public void Pause(bool paused) { }

    /// <inheritdoc/>
    public IReadOnlyList<string> Paused =>
        [.. _control.Paused.Select(one => $"{one.Origin} {one.Snapshot}").Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public VerifyState Verify =>
        _control.Verifying is { } now
            ? new VerifyState(true, $"{now.Origin} {now.Snapshot}", now.Read, now.Total) : VerifyState.Nothing;

    /// <inheritdoc/>
    public void VerifyNow() => _control.VerifyNow();

    /// <inheritdoc/>
    public long? FreeBytes(string folder) => Look(folder).Free;

    /// <inheritdoc/>
    public IReadOnlyList<HeldByOrigin> Held(string folder) => Look(folder).Held;

    /// <summary>However many pages are open, the disk is looked at once in a while.</summary>
    private (long At, string Folder, long? Free, IReadOnlyList<HeldByOrigin> Held) Look(string folder)
    {
        lock (_gate)
        {
            if (_seen.Folder == folder && System.Diagnostics.Stopwatch.GetElapsedTime(_seen.At) < LookAgain)
                return _seen;
            try
            {
                _seen = (System.Diagnostics.Stopwatch.GetTimestamp(), folder,
                    Directory.Exists(folder) ? new DriveInfo(folder).AvailableFreeSpace : null, [.. Origins(folder)]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                _seen = (System.Diagnostics.Stopwatch.GetTimestamp(), folder, null, []);
            }
            return _seen;
        }
    }

    private static IEnumerable<HeldByOrigin> Origins(string root)
    {
        if (!Directory.Exists(root)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            var snapshots = Path.Combine(folder, "snapshots");
            if (!NodeName.TryParse(Path.GetFileName(folder), out var origin, out _) || !Directory.Exists(snapshots))
                continue;
            var ids = Directory.EnumerateDirectories(snapshots)
                .Select(path => SnapshotId.TryParse(Path.GetFileName(path), out var id) ? id : (SnapshotId?)null)
                .OfType<SnapshotId>().ToList();
            if (new SnapshotOrder(DateTimeOffset.UtcNow).Newest(ids) is { } newest)
                yield return new HeldByOrigin(origin.ToString(), newest, ids.Count,
                    KeptVerification.Of(root, origin, newest));
        }
    }
}
