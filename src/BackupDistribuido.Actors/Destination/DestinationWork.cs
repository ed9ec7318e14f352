using System.Collections.Concurrent;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Roots;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Destination;

/// <summary>What a destination's writers work with; it outlives ActorSystems.</summary>
/// <param name="Report">Told what the owner should see; from any thread.</param>
/// <param name="Stored">Told of each published snapshot.</param>
internal sealed record DestinationWork(
    NodeName Name, DestinationRoot Root, bool Adopt, LinkDesk Desk, LinkSecurity? Security, LinkDeadlines Deadlines,
    Action<NodeEvent> Report, Action<HeldSnapshot> Stored)
{
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Task, bool> _closing = new();

    /// <summary>A writer's files are being closed and cleaned up; the root waits for it.</summary>
    public void Closing(Task task)
    {
        _closing[task] = true;
        task.ContinueWith(ended => _closing.TryRemove(ended, out _), TaskScheduler.Default);
    }

    /// <summary>Completes when all files are closed, or after a while all the same.</summary>
    public Task ClosedAsync() => Task.WhenAny(Task.WhenAll(_closing.Keys), Task.Delay(CloseWait));
}
