using Akka.Actor;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Retention;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Actors.Destination;

/// <summary>A destination, from its start until it is asked to stop. Its ROOT's lock and its data port outlive its
/// ActorSystems.</summary>
public static class DestinationNode
{
    /// <summary>The data port that is tried first where none is given.</summary>
    public const int DefaultPort = 4054;

    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(30);

    /// <summary>Runs it until <paramref name="stop"/>.</summary>
    /// <exception cref="NodeException">ROOT is refused, the port is in use, or the name is.</exception>
    public static async Task RunAsync(DestinationSettings settings, NodeEnvironment environment, CancellationToken stop)
    {
        var (expected, calls) = (new ExpectedLinks(settings.Name), new ChildConnections(settings.Name));
        var reception = new LinkReception(expected.Admit, expected.Accepted, new RefusedLinks(environment.Report).Say)
        { AdmitCall = calls.Admit, Called = calls.Called };
        using var within = environment.Within?.Listen(expected.Admit, expected.Accepted);
        await using var listener = within is null && settings.Inbound
            ? await ListenAsync(settings, reception, environment, stop).ConfigureAwait(false) : null;
        // After the port: where that is in use, no ROOT is created.
        using var root = Open(settings);
        var held = await SlowAsync(root, environment, () => new HeldSnapshots(root), stop).ConfigureAwait(false);
        var catalogue = new CatalogueReading(root, held, environment.Report);
        ReplicaVerifier? verifier = null;
        var damage = new DamageReports(root, held, environment.Report, TimeProvider.System);
        var watch = new HoldingWatch(root, held, damage, environment.Report, TimeProvider.System,
            (origin, id) => verifier?.Verify(origin, id));
        if (listener is not null) environment.Report(new Listening("data", listener.Address));
        foreach (var sentence in root.Abilities.Describe(root.RealPath)) environment.Report(new Warned(sentence));
        foreach (var (origin, id) in StoredSnapshots.OfTheFuture(root).Take(Doubts.Most))
            environment.Report(new Warned(Doubts.Future(origin, id, root.RealPath)));
        var reached = within is not null ? within.Address
            : settings is { Inbound: true, Advertise: { } told } ? told
            : listener is not null
            ? await DataPort.ReachedAsync(listener.Address, settings.Coordinator, stop).ConfigureAwait(false)
            : NodeAddress.Of(await DataPort.LocalAddressAsync(settings.Coordinator, stop).ConfigureAwait(false), 0);
        var work = new DestinationWork(settings.Name, root, expected, environment.Key, new LinkDeadlines(),
            environment.Report, Stored, settings.Limit)
        {
            Adopt = settings.Opening.Adopt,
            Calls = calls,
            Links = environment.Links,
            Damage = damage,
            Removed = held.Removed,
        };
        // Before the first registration: existing staging counts as free space for its origin.
        await SlowAsync(root, environment, () =>
        {
            work.AbandonedStaging.MeasureAll(environment.Report, stop);
            work.Rooms.Look();
            return 0;
        }, stop).ConfigureAwait(false);
        // What is reported as present is present.
        await watch.LookAsync(stop).ConfigureAwait(false);
        await watch.WalkedAsync(SlowAfter).WaitAsync(stop).ConfigureAwait(false);
        using var cleaning = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var cleaned =
            work.AbandonedStaging.RunAsync(settings.Staging ?? StagingRule.Default, environment.Report, cleaning.Token);
        verifier = new ReplicaVerifier(root, held, work.Claims, damage, environment.Report, TimeProvider.System);
        // A run that was receiving them may not have come to tell.
        foreach (var (origin, id) in held.Unsure) verifier.Verify(origin, id);
        Task[] background =
        [
            cleaned, verifier.RunAsync(settings.VerifyEvery, cleaning.Token),
            watch.RunAsync(settings.LookEvery ?? HoldingWatch.Usual, cleaning.Token),
            damage.RunAsync(cleaning.Token), work.Rooms.RunAsync(cleaning.Token),
            catalogue.ReadAllAsync(cleaning.Token),
        ];
        settings.Control?.Attach(verifier, work);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EndWith(background, refused);
        var endpoint = ControlEndpoint.ForNode(settings.Coordinator, environment.Key);
        try
        {
            await NodeLife.RunAsync(endpoint, environment, incarnation =>
            {
                expected.Clear();
                var node = new NodeIdentity(settings.Name, root.Identity, incarnation);
                return Props.Create(() =>
                    new DestinationActor(work, node, reached, held, environment.CoordinatorActor, settings.Coordinator,
                        why => refused.TrySetException(why)));
            }, "destination", refused.Task, stop).ConfigureAwait(false);
            await work.ClosedAsync().ConfigureAwait(false);
        }
        finally
        {
            await cleaning.CancelAsync().ConfigureAwait(false);
            settings.Control?.Attach(null, null);
            // A hanging disk blocks its reader; the process ends all the same.
            await Task.WhenAny(Task.WhenAll(background),
                Task.Delay(DestinationWork.CloseWait, CancellationToken.None)).ConfigureAwait(false);
        }
        if (refused.Task.IsFaulted) await refused.Task.ConfigureAwait(false);

        void Stored(HeldSnapshot published)
        {
            // It may have begun before the damage was found, and have taken some of it over.
            var mustVerify = published.IsDamaged || held.IsDamaged(published.Origin);
            held.Add(published);
            _ = catalogue.ReadAsync(published.Origin, published.Snapshot);
            if (published.Verified is Verification.Damaged damaged)
                environment.Report(new ReplicaDamaged(published.Origin, published.Snapshot, damaged));
            if (mustVerify) verifier?.Verify(published.Origin, published.Snapshot);
        }
    }

    /// <summary>
    /// A node without one of its tasks would go on reporting what it no longer checks: a task that ends by a defect
    /// ends the node.
    /// </summary>
    internal static void EndWith(IEnumerable<Task> background, TaskCompletionSource node)
    {
        foreach (var task in background)
        {
            task.ContinueWith(ended => node.TrySetException(ended.Exception!.InnerExceptions), CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>Looks at the disk, and says so where it takes its time: one of the mounts below ROOT may
    /// hang.</summary>
    private static async Task<T> SlowAsync<T>(DestinationRoot root, NodeEnvironment environment, Func<T> look,
        CancellationToken stop)
    {
        var looking = Task.Factory.StartNew(look, CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        if (await Task.WhenAny(looking, Task.Delay(SlowAfter, stop)).ConfigureAwait(false) != looking)
        {
            environment.Report(new Warned(ReplicaReason.NotOffered(root.RealPath)));
        }
        return await looking.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Makes ROOT where it isn't there, and goes as far as <see cref="RunAsync"/> does before it is really
    /// there: the data port must be free.</summary>
    /// <exception cref="NodeException">ROOT is refused, or the port is in use; nothing was created.</exception>
    public static async Task MakeRootAsync(DestinationSettings settings, NodeEnvironment environment,
        CancellationToken stop)
    {
        if (!settings.Inbound)
        {
            Open(settings).Dispose();
            return;
        }
        var expected = new ExpectedLinks(settings.Name);
        await using var listener =
            await ListenAsync(settings, new LinkReception(expected.Admit, expected.Accepted, _ => { }),
            environment, stop).ConfigureAwait(false);
        Open(settings).Dispose();
    }

    private static DestinationRoot Open(DestinationSettings settings)
    {
        try
        {
            return DestinationRoot.Open(settings.Root, settings.Opening);
        }
        catch (RootRefusedException refusal)
        {
            throw new NodeException(refusal.IsBusy ? ExitCode.Busy : ExitCode.Usage, refusal.Reason, refusal);
        }
    }

    private static Task<LinkListener> ListenAsync(DestinationSettings settings, LinkReception reception,
        NodeEnvironment environment, CancellationToken stop) =>
        DataPort.OpenAsync(settings.Listen, settings.Coordinator, DefaultPort, reception, environment, stop);
}
