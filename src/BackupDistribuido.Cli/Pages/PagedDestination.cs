using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Cli.Commands;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Verifying;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Cli.Pages;

/// <summary>A destination under a page.</summary>
internal sealed class PagedDestination(CommandHost host, Flags flags, NodeContext context) : IPagedNode
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly DestinationControl _control = new();
    private readonly Lock _gate = new();
    private (long At, string Folder, long? Free, IReadOnlyList<HeldByOrigin> Held) _seen = (0, "", null, []);

    public IReadOnlyDictionary<Setting, string?> Choices(NodeSetup setup) => new Dictionary<Setting, string?>
    {
        [Settings.Root] = setup.Folder,
        [Settings.Coordinator] = setup.Coordinator,
        [Settings.DestinationName] = setup.Name.Length > 0 ? setup.Name : null,
    };

    public (string Name,
        Func<CancellationToken, Task<ExitCode>> Run) Prepare(IReadOnlyDictionary<Setting, string?> choices)
    {
        var configuration = new NodeConfiguration(flags.Over(choices), "destination");
        var settings = DestinationCommand.Read(configuration, host.Environment.HostName) with { Control = _control };
        var secured =
            context with { Security = SecurityRule.Of(configuration, DestinationCommand.Addresses(settings)) };
        return (settings.Name.ToString(), stop => host.Nodes.RunDestination(settings, secured, stop));
    }

    public void LetStart(bool may) { }

    public void Pause(bool paused) { }

    public IReadOnlyList<string> Paused =>
        [.. _control.Paused.Select(one => $"{one.Origin} {one.Snapshot}").Order(StringComparer.Ordinal)];

    public VerifyState Verify =>
        _control.Verifying is { } now
            ? new VerifyState(true, $"{now.Origin} {now.Snapshot}", now.Read, now.Total) : VerifyState.Nothing;

    public void VerifyNow() => _control.VerifyNow();

    public long? FreeBytes(string folder) => Look(folder).Free;

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
