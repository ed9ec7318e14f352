using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;
using BackupDistribuido.Transfer.Receiving;
using BackupDistribuido.Transfer.Sending.Content;
using Xunit.Abstractions;

namespace BackupDistribuido.Transfer.Tests.Mutated;

/// <summary>
/// Conversations of version 2 with something wrong in what one side says, in memory, against the other side as a node
/// has it: parents against a reception, children against a branch that also answers requests for content. Each ends
/// with a reason or well, and nothing of it stays. BDIST_MUTATED sets how many (default 1,000), half of them in each
/// direction; BDIST_MUTATED_SEED other ones.
/// </summary>
public sealed class MutatedConversationsTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Bytes by which the heap may grow from a tenth of the conversations to their end.</summary>
    private const long MostGrowth = 16 << 20;

    private const int AtOnce = 48;

    // Who is answered nothing waits so long for an answer before it says the next thing.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(40);

    private static readonly NodeName Child = Frames.Welcome.Node;
    private static readonly int Count = Number("BDIST_MUTATED") ?? 1_000;
    private static readonly int Seed = Number("BDIST_MUTATED_SEED") ?? 20261129;

    private readonly ActorSystem _system = ActorSystem.Create("mutated", $$"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        {{DiskDispatcher.Name}} { type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 4 }
        """);

    private readonly BufferPool _pool = new(retained: 16);
    private readonly HonestTree _tree = new();
    private readonly LinkDeadlines _deadlines = new() { Progress = Eventually.Bound, Silence = Eventually.Bound };
    private IMaterializer _materializer = null!;
    private int _well, _refused, _answered, _untold;

    public Task InitializeAsync()
    {
        _materializer = _system.Materializer();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _tree.Dispose();
    }

    [Fact]
    public async Task What_is_mutated_is_right_before()
    {
        var down = _tree.PageFrames.Select(HonestTree.Bytes).Concat(_tree.Content).ToList();
        Assert.True(await ParentSays(down, new Random(Seed)));
        Assert.True(await ChildSays(_tree.Needs, Asking(), new Random(Seed), waits: true, Eventually.Bound));
        Assert.Equal(_tree.Wants.Count, _answered);
    }

    [Fact]
    public async Task Mutated_parents_end_with_a_reason_or_well()
    {
        var down = _tree.PageFrames.Select(HonestTree.Bytes).Concat(_tree.Content).ToList();
        await Play("parents", random => ParentSays(Mutation.Of(down, random), random));
    }

    [Fact]
    public async Task Mutated_children_end_with_a_reason_or_well()
    {
        var asking = Asking();
        await Play("children", random =>
        {
            // One of both, so that most come to the other.
            var isEarly = random.Next(2) == 0;
            return ChildSays(isEarly ? Mutation.Of(_tree.Needs, random) : _tree.Needs,
                isEarly ? asking : Mutation.Of(asking, random), random, waits: random.Next(2) == 0);
        });
        Assert.NotEqual(0, _answered);
    }

    private List<byte[]> Asking() => [HonestTree.Bytes((AliveFrame.Instance, [])), .. _tree.Wants,
        HonestTree.Bytes((new DoneFrame(_tree.Seal.Digest), []))];

    private async Task Play(string who, Func<Random, Task<bool>> converse)
    {
        var count = Count / 2;
        var begun = Stopwatch.StartNew();
        await Some(0, count / 10);
        var (before, resident) = (await Heap(), Environment.WorkingSet);
        await Some(count / 10, count);
        var growth = await Heap() - before;
        // What the last ones held goes when their streams have stopped.
        for (var over = Stopwatch.StartNew(); growth > MostGrowth && over.Elapsed.TotalSeconds < 30;)
        {
            await Task.Delay(500);
            growth = await Heap() - before;
        }
        output.WriteLine(FormattableString.Invariant($"measured: {count} conversations of mutated {who} in ")
            + FormattableString.Invariant($"{begun.Elapsed.TotalSeconds:0} s: {_well} ended well, {_refused} badly, ")
            + FormattableString.Invariant($"{_untold} of them without a line; {_answered} requests answered; ")
            + FormattableString.Invariant($"heap {before >> 10} KiB and {growth >> 10} KiB more, ")
            + FormattableString.Invariant($"resident {resident >> 20} and {Environment.WorkingSet >> 20} MiB"));
        Assert.InRange(growth, long.MinValue, MostGrowth);
        Assert.Equal(count, _well + _refused);
        Assert.InRange(_refused, count / 4, count);
        // On a busy machine the line does not always come in its second.
        Assert.InRange(_untold, 0, count / 100);

        Task Some(int from, int to) => Parallel.ForAsync(from, to,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            {
                try
                {
                    Interlocked.Increment(ref await converse(new Random(Seed + i)) ? ref _well : ref _refused);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"conversation {i} of seed {Seed}: {e.Message}", e);
                }
            });
    }

    /// <summary>What stays when all is over. Ends that wait for a last line do so for a moment, and hold what they
    /// have.</summary>
    private static async Task<long> Heap()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        for (long before = long.MaxValue, tries = 0; tries < 30 && heap < before - (1 << 20); tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            (before, heap) = (heap, GC.GetTotalMemory(forceFullCollection: true));
        }
        return heap;
    }

    /// <summary>A parent says all that to one that receives a tree; true where the link ended well.</summary>
    private async Task<bool> ParentSays(IReadOnlyList<byte[]> down, Random random)
    {
        using var pair = await LinkPair.InMemory();
        using var cut = new CancellationTokenSource();
        using var replica = new Replica(new MemorySink());
        var heard = Hear(pair.Parent);
        var reception = await Reception.BeginAsync(new AcceptedLink(Frames.Hello, pair.Child), Child, replica, [],
            (_, _) => { }, new LinkTerms(_pool, _deadlines), _materializer, cut.Token);
        var said = Say(pair.Parent, down, random, ends: true);
        var isWell = await EndsWell(reception.Received);
        if (isWell) reception.Done(replica.Seal!.Value.Digest);
        else reception.Fail(ErrorCode.Stopping, Core.Reasons.Reason.Text("over"));
        await said;
        var answers = await heard.All.WaitAsync(Eventually.Bound);
        Assert.StartsWith("WELCOME 2 ", answers, StringComparison.Ordinal);
        // Something may have come behind the seal.
        var isDone = isWell && answers.Contains("\nDONE ", StringComparison.Ordinal);
        if (!isDone) NoteReason(answers);
        return isDone;
    }

    /// <summary>A child says what it needs when it has the pages, and the rest when it has the seal, to a parent's
    /// branch; true where the link ended well.</summary>
    private async Task<bool> ChildSays(IReadOnlyList<byte[]> needs, IReadOnlyList<byte[]> rest, Random random,
        bool waits, TimeSpan? patience = null)
    {
        var moment = patience ?? Moment;
        using var pair = await LinkPair.InMemory();
        using var cut = new CancellationTokenSource();
        var heard = Hear(pair.Child);
        var branch = new ChildBranch(Child,
            new DialedLink(Frames.Welcome with { Profile = LinkProfile.Newest }, pair.Parent), _pool, _deadlines, null,
            new ContentAnswers(_tree.Tree, _pool));
        var known = new TaskCompletionSource();
        var fanOut = new ParcelFanOut((_, _) => { });
        var running = branch.RunAsync(fanOut, (page, _) =>
        {
            if (page == _tree.PageFrames.Count - 1) known.TrySetResult();
        }, _materializer, cut.Token);
        _ = running.ContinueWith(_ => known.TrySetCanceled(), TaskScheduler.Default);
        _ = Source.Single(0).Select(_ => Parcel(_tree.PageFrames))
            .Concat(Source.FromTask(known.Task.ContinueWith(task => task.IsCompletedSuccessfully,
                TaskScheduler.Default)).SelectMany(isKnown => isKnown ? new[] { Sealed() } : []))
            .RunWith(fanOut.Inlet, _materializer);
        var said = Task.Run(async () =>
        {
            await heard.Until($"PAGE {_tree.PageFrames.Count - 1} ", moment);
            await Say(pair.Child, needs, random, ends: false);
            await heard.Until("SEAL ", moment);
            await Say(pair.Child, rest.Take(rest.Count - 1).ToList(), random, ends: false);
            if (waits) await heard.Until($"LACK {_tree.Wants.Count - 1} ", moment);
            await Say(pair.Child, rest.Skip(rest.Count - 1).ToList(), random, ends: true);
        });
        var isWell = await EndsWell(running);
        await said;
        var answers = await heard.All.WaitAsync(Eventually.Bound);
        if (!isWell) NoteReason(answers);
        Interlocked.Add(ref _answered, Regex.Count(answers, "(END|LACK) [0-9]+ ([0-9]+ [0-9a-f]{64}|[a-z]+)\n"));
        return isWell;
    }

    private Parcel Parcel(IEnumerable<(Frame Frame, byte[] Payload)> frames)
    {
        using var builder = new ParcelBuilder(_pool);
        foreach (var (frame, payload) in frames) builder.Append(frame, payload);
        return builder.Take()!;
    }

    private Parcel Sealed() => Parcel([(_tree.Seal, [])]);

    private void NoteReason(string answers)
    {
        if (!Regex.IsMatch(answers, "ERROR [a-z]+ .")) Interlocked.Increment(ref _untold);
    }

    private static async Task<bool> EndsWell(Task link)
    {
        try
        {
            await link.WaitAsync(Eventually.Bound);
            return true;
        }
        catch (Exception e) when (e is LinkException or ProtocolException)
        {
            // The only ways in which a link may fail.
            return false;
        }
    }

    private static async Task Say(PeerConnection to, IReadOnlyList<byte[]> frames, Random random, bool ends)
    {
        try
        {
            for (var rest = frames.SelectMany(frame => frame).ToArray().AsMemory(); !rest.IsEmpty;)
            {
                var count = random.Next(3) == 0 ? Math.Min(rest.Length, random.Next(1, 500)) : rest.Length;
                await to.Stream.WriteAsync(rest[..count]);
                rest = rest[count..];
            }
            if (ends) await to.CloseWritingAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The other side had heard enough.
        }
    }

    private static Heard Hear(PeerConnection from) => new(from);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value)
            ? value : null;
}
