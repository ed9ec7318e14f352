using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using BackupDistribuido.Actors;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Client;
using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Benchmarks;

/// <summary>
/// A real coordinator with its control port, and a crowd of destinations that do nothing but register each second over
/// one connection, all in this process: is the count right through joins and leaves, what does a registration cost, how
/// much memory does it take, how long does a question wait? Ends with exit code 1 where a count was wrong.
/// </summary>
internal static class ScaleSimulation
{
    private const int Origins = 3;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60), Steady = TimeSpan.FromSeconds(30);

    /// <summary>Runs it with so many destinations.</summary>
    public static async Task<int> RunAsync(int count)
    {
        var counts = new CountWitness();
        using var stop = new CancellationTokenSource();
        var local = new TaskCompletionSource<LocalCoordinator>();
        var quiet = ConfigurationFactory.ParseString("akka.loglevel = WARNING\nakka.stdout-loglevel = WARNING");
        var environment = new NodeEnvironment(null, false, counts.Hear, quiet, []);
        var node = CoordinatorNode.RunAsync(new CoordinatorSettings(NodeAddress.Parse("127.0.0.1:0"),
            TimeSpan.FromSeconds(30)), environment, stop.Token, asked =>
        {
            local.SetResult(asked);
            return Task.FromResult<IAsyncDisposable?>(null);
        });
        var status = await local.Task;
        var idle = Memory();
        using var crowd = environment.Start(ControlEndpoint.ForNode(counts.Listens, null));
        await using var client = new CoordinatorClient(counts.Listens, environment);
        var answers = new Answers();
        var members = new Dictionary<int, IActorRef>();

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++) members[i] = Join(crowd, i, answers);
        await Until(status, count);
        Say($"{count} destinations joined in {watch.Elapsed.TotalSeconds:0.0} s");

        var (before, processor) = (answers.Count, Process.GetCurrentProcess().TotalProcessorTime);
        await Task.Delay(Steady);
        var perSecond = (answers.Count - before) / Steady.TotalSeconds;
        var share = (Process.GetCurrentProcess().TotalProcessorTime - processor) / Steady;
        Say($"steady: {perSecond:0} registrations a second, each answered; {share:P0} of a processor for both sides, {share / perSecond * 1e6:0} µs a registration");
        Say($"memory of coordinator and crowd: {(Memory() - idle) / count / 1024.0:0.0} KiB of managed memory a destination, {Environment.WorkingSet >> 20} MiB resident");

        watch.Restart();
        var asked = await client.AskAsync<StatusAnswer>(new AskStatus(), default);
        Say($"a status asked over the network: {asked.Status.Connected} connected, {watch.Elapsed.TotalMilliseconds:0} ms");

        var random = new Random(1);
        for (var change = 0; change < 2 * count; change++)
        {
            var who = random.Next(count);
            if (members.Remove(who, out var gone))
                gone.Tell(random.Next(2) == 0 ? PoisonPill.Instance : new NodeLeaves());
            else members[who] = Join(crowd, who, answers);
            if (change % 100 == 99) await Until(status, members.Count);
        }
        Say($"{counts.Joined} joins and {counts.Left} leaves: the count was right at each of them; {members.Count} are connected at the end");

        await stop.CancelAsync();
        await node;
        await crowd.Terminate();
        return counts.Wrong is { } wrong ? Fail(wrong) : 0;
    }

    private static IActorRef Join(ActorSystem crowd, int number, Answers answers) =>
        crowd.ActorOf(Props.Create(() => new Member(number, Stopwatch.GetTimestamp(), answers)));

    private static async Task Until(LocalCoordinator local, int expected)
    {
        var watch = Stopwatch.StartNew();
        while ((await local.StatusAsync(default)).Connected is var seen && seen != expected)
        {
            if (watch.Elapsed > Bound) Environment.Exit(Fail($"{seen} are connected, not {expected}"));
            await Task.Delay(20);
        }
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static int Fail(string what)
    {
        Console.Error.WriteLine($"WRONG: {what}");
        return 1;
    }

    private sealed class Answers
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public void One() => Interlocked.Increment(ref _count);
    }

    /// <summary>Hears the coordinator's events: each must state the count that follows from the one before.</summary>
    private sealed class CountWitness
    {
        private int _expected;
        private NodeAddress? _listens;

        public int Joined { get; private set; }

        public int Left { get; private set; }

        public string? Wrong { get; private set; }

        public NodeAddress Listens => _listens!;

        public void Hear(NodeEvent happened)
        {
            switch (happened)
            {
                case Listening listening:
                    _listens = listening.Address;
                    return;
                case NodeJoined joined:
                    Joined++;
                    Check(++_expected, joined.Connected);
                    return;
                case NodeLeft left:
                    Left++;
                    Check(--_expected, left.Connected);
                    return;
            }
        }

        private void Check(int expected, int said) =>
            Wrong ??= expected == said
                ? null : $"after {Joined} joins and {Left} leaves the coordinator counts {said}, not {expected}";
    }

    private sealed class Member : ReceiveActor, IWithTimers
    {
        private readonly ActorSelection _coordinator = Context.ActorSelection(ControlAddress.CoordinatorActor);
        private readonly RegisterDestination _registration;

        public Member(int number, long incarnation, Answers answers)
        {
            var node = new NodeIdentity(NodeName.Parse($"machine-{number:0000}"), $"id-{number}", incarnation);
            var snapshot = SnapshotId.Parse("20261122T163305Z");
            IReadOnlyList<HeldSnapshot> held = [.. Enumerable.Range(0, Origins).Select(origin =>
                new HeldSnapshot(NodeName.Parse($"origin-{origin}"), snapshot, 20_000, 1 << 30,
                    Sha256Digest.Of("tree"u8), "machine:/home/someone"))];
            _registration = new RegisterDestination(new DestinationRegistration(
                node, NodeAddress.Parse($"10.{number >> 8}.{number & 255}.7:4054"), 1L << 40, $"disk-{number}",
                    $"machine-{number}:/copies", held, new Epoch(0))
            { FreeInodes = 1 << 20 });
            Receive<Beat>(_ => _coordinator.Tell(_registration));
            Receive<DestinationRegistered>(_ => answers.One());
            Receive<NodeLeaves>(_ =>
            {
                _coordinator.Tell(new Leave(NodeRole.Destination, node));
                Context.Stop(Self);
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() =>
            Timers.StartPeriodicTimer("beat", new Beat(), TimeSpan.Zero, TimeSpan.FromSeconds(1));

        private sealed record Beat;
    }
}
