using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Streams.Tests.Conversations;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Transfer.Tests.Links;

/// <summary>What every kind of link keeps to. When a test ends, every lease is back.</summary>
public abstract class LinkContract : StreamSpec
{
    /// <summary>Bytes that may be on their way at most: what lies in sockets, or in a hand.</summary>
    private const long OnTheWay = 16 * 1024 * 1024;

    private static readonly LinkDeadlines Calm =
        new() { AlivePeriod = TimeSpan.FromMilliseconds(50), Silence = Eventually.Bound, Progress = Eventually.Bound };

    private readonly ConcurrentQueue<string> _heard = new();

    /// <summary>A node that listens, and how others dial it.</summary>
    internal abstract Task<Listening> Listen(Func<HelloFrame, Admission> admit, Action<IParentLink> accepted);

    internal sealed record Listening(NodeAddress Address, ILinks Links, Func<ValueTask> Close) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Close();
    }

    [Fact]
    public async Task A_conversation_completes_on_both_sides()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Data(50, 10_000).Concat(Sealed()));
        child.Send(new NeedFrame(0, 3), "0-9"u8.ToArray());
        var frames = await Soon(Collect(child));
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(child.Completion, sent));
        var data = Enumerable.Range(0, 50).Select(Frame (i) => new DataFrame(i, 0, 10_000));
        Assert.Equal(data.Append(Frames.Seal), frames);
        Assert.Equal(["NEED 0 3 0-9", $"DONE {Frames.Digest} "], _heard);
    }

    [Fact]
    public async Task Neither_direction_waits_for_the_other()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Data(200, 100_000).Concat(Sealed()));
        // Nobody takes what comes down, and the needs still come up.
        for (var i = 0; i < 16; i++) child.Send(new NeedFrame(i, 10_000), new byte[10_000]);
        await Eventually.Is(16, () => _heard.Count);
        Assert.Equal(201, (await Soon(Collect(child))).Count);
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(sent, child.Completion));
    }

    [Fact]
    public async Task A_child_that_takes_nothing_keeps_its_parent_waiting()
    {
        using var cut = new CancellationTokenSource();
        var (parent, child) = await Connect();
        var given = 0L;
        var sent = Run(parent, Data(1_000, 200_000).Select(parcel =>
        {
            Interlocked.Add(ref given, parcel.Length);
            return parcel;
        }), cancel: cut.Token);
        await Eventually.Is(true, () => Interlocked.Read(ref given) > 0);
        await Task.Delay(500);
        Assert.InRange(Interlocked.Read(ref given), 1, OnTheWay);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(sent));
        await Assert.ThrowsAnyAsync<Exception>(() => Soon(Collect(child)));
    }

    [Fact]
    public async Task It_tells_what_has_gone_over_it()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Data(100, 100_000).Concat(Sealed()));
        await Soon(Collect(child));
        await Eventually.Is(true, () => parent.Sent.Bytes >= 100 * 100_000);
        child.Send(Frames.Done);
        await Soon(Task.WhenAll(sent, child.Completion));
    }

    [Fact]
    public async Task A_childs_failure_reaches_the_parent_with_its_reason()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Sealed());
        Assert.Single(await Soon(Collect(child)));
        child.Fail(ErrorCode.Storage, Reason.Text("disk is full"));
        Assert.Equal("disk is full", (await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion))).Message);
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(sent));
        Assert.Equal((ErrorCode.Storage, "disk is full", true), (told.Code, told.Message, told.IsFromPeer));
    }

    [Fact]
    public async Task A_parents_failure_reaches_the_child_with_its_reason()
    {
        var failure = new ProtocolException(ErrorCode.Digest, "content differs");
        var (parent, child) = await Connect();
        var sent = Run(parent, Data(1, 10).Concat(Source.Failed<Parcel>(failure)));
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Collect(child)));
        Assert.Equal((ErrorCode.Digest, "content differs", true), (told.Code, told.Message, told.IsFromPeer));
        Assert.Same(failure, await Assert.ThrowsAsync<ProtocolException>(() => Soon(sent)));
        await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion));
    }

    [Fact]
    public async Task A_need_that_the_parent_refuses_ends_the_link_with_that_reason()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Silent(), (_, _) => throw new ProtocolException(ErrorCode.Order, "no such page"));
        var down = Collect(child);
        child.Send(new NeedFrame(99, 0));
        Assert.Equal(ErrorCode.Order, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(sent))).Code);
        Assert.Equal("no such page", (await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion))).Message);
        await Assert.ThrowsAsync<LinkException>(() => Soon(down));
    }

    [Fact]
    public async Task A_parent_looks_at_a_living_child_now_and_again_and_may_give_it_up()
    {
        var (parent, child) = await Connect();
        var looks = 0;
        var sent = parent.RunAsync(Silent(), Hear, new LinkTerms(Pool, Calm), Materializer, Never, () =>
        {
            if (++looks == 3) throw new LinkException(ErrorCode.Silence, Reason.Text("it owes too much"));
        });
        Assert.Equal("it owes too much", (await Assert.ThrowsAsync<LinkException>(() => Soon(sent))).Message);
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Collect(child)));
        Assert.Equal("it owes too much", told.Message);
        await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion));
    }

    [Fact]
    public async Task An_input_that_ends_before_its_seal_is_truncated()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Data(3, 10));
        var thrown = await Assert.ThrowsAsync<ProtocolException>(() => Soon(Collect(child)));
        Assert.Equal(ErrorCode.Truncated, thrown.Code);
        await Assert.ThrowsAsync<ProtocolException>(() => Soon(child.Completion));
        Assert.Equal(ErrorCode.Truncated, (await Assert.ThrowsAsync<LinkException>(() => Soon(sent))).Code);
    }

    [Fact]
    public async Task DONE_before_the_end_is_out_of_order()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Silent(), deadlines: Calm with { Progress = TimeSpan.FromMilliseconds(300) });
        var down = Collect(child);
        child.Send(Frames.Done);
        Assert.Equal(ErrorCode.Order, (await Assert.ThrowsAsync<ProtocolException>(() => Soon(sent))).Code);
        await Assert.ThrowsAsync<LinkException>(() => Soon(down));
        await Assert.ThrowsAsync<LinkException>(() => Soon(child.Completion));
    }

    [Fact]
    public async Task A_consumer_that_fails_ends_the_link_with_its_reason()
    {
        var (parent, child) = await Connect();
        var sent = Run(parent, Sealed());
        var consumer = child.Down.RunForeach(parcel =>
        {
            parcel.Release();
            throw new ProtocolException(ErrorCode.Digest, "wrong digest");
        }, Materializer);
        await Assert.ThrowsAsync<ProtocolException>(() => Soon(consumer));
        await Assert.ThrowsAsync<ProtocolException>(() => Soon(child.Completion));
        Assert.Equal(ErrorCode.Digest, (await Assert.ThrowsAsync<LinkException>(() => Soon(sent))).Code);
    }

    [Fact]
    public async Task A_child_that_is_cut_fails_both()
    {
        using var cut = new CancellationTokenSource();
        var (parent, child) = await Connect(cancelChild: cut.Token);
        var sent = Run(parent, Data(100_000, 100_000));
        var down = Collect(child);
        await Eventually.Is(true, () => parent.Sent.Bytes > 0);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(child.Completion));
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => Soon(sent));
        Assert.Equal(ErrorCode.Truncated,
            thrown is ProtocolException protocol ? protocol.Code : Assert.IsType<LinkException>(thrown).Code);
        await Assert.ThrowsAnyAsync<Exception>(() => Soon(down));
    }

    [Fact]
    public async Task A_link_that_is_cut_before_it_runs_fails_the_child()
    {
        var (parent, child) = await Connect();
        var down = Collect(child);
        parent.Cut();
        await Assert.ThrowsAnyAsync<Exception>(() => Soon(down));
        await Assert.ThrowsAnyAsync<Exception>(() => Soon(child.Completion));
    }

    [Fact]
    public async Task A_stream_that_is_stopped_fails_both()
    {
        var (parent, child) = await Connect();
        var own = Akka.Actor.ActorSystem.Create("own", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");
        // Akka never completes the task of a stream whose system has ended.
        var came = 0;
        _ = child.Down.RunForeach(parcel =>
        {
            Interlocked.Add(ref came, parcel.Frames.Count(slice => slice.Frame is DataFrame));
            parcel.Release();
        }, own.Materializer());
        var sent = Run(parent, Data(10, 10).Concat(Silent()));
        // Concat holds a parcel ahead, and loses it when it is cancelled.
        await Eventually.Is(10, () => Volatile.Read(ref came));
        await own.Terminate();
        await Fails(sent);
        await Fails(child.Completion);
    }

    private static async Task Fails(Task task)
    {
        var problem = await Record.ExceptionAsync(() => Soon(task));
        Assert.NotNull(problem);
        Assert.IsNotType<TimeoutException>(problem);
    }

    [Fact]
    public async Task A_greeting_that_is_not_admitted_is_refused_with_its_reason()
    {
        await using var node =
            await Listen(_ => Admission.Refused(ErrorCode.Secret, Reason.Text("another secret")), _ => { });
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Dial(node)));
        Assert.Equal((ErrorCode.Secret, "another secret"), (told.Code, told.Message));
    }

    [Fact]
    public async Task A_child_may_turn_an_admitted_parent_away()
    {
        await using var node = await Listen(_ => Admission.Granted,
            link => _ = link.RefuseAsync(ErrorCode.Epoch, Reason.Text("later")));
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Dial(node)));
        Assert.Equal((ErrorCode.Epoch, "later", false), (told.Code, told.Message, told.IsUnreached));
    }

    [Fact]
    public async Task A_child_that_does_not_answer_is_given_up()
    {
        var offered = new TaskCompletionSource<IParentLink>();
        await using var node = await Listen(_ => Admission.Granted, offered.SetResult);
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Dial(node, TimeSpan.FromMilliseconds(300))));
        Assert.Equal((ErrorCode.Silence, false), (told.Code, told.IsUnreached));
        await (await offered.Task).RefuseAsync(ErrorCode.Stopping, Reason.Text("too late"));
    }

    [Fact]
    public async Task Another_nodes_welcome_is_none()
    {
        await using var node = await Listen(_ => Admission.Granted, link => _ = link.OpenAsync(
            Frames.Welcome with { Epoch = new Epoch(4) }, new LinkTerms(Pool, Calm), null, Never));
        Assert.Equal(ErrorCode.Order, (await Assert.ThrowsAsync<LinkException>(() => Soon(Dial(node)))).Code);
    }

    [Fact]
    public async Task Where_nobody_listens_nobody_is_reached()
    {
        var node = await Listen(_ => Admission.Granted, _ => { });
        await node.DisposeAsync();
        var told = await Assert.ThrowsAsync<LinkException>(() => Soon(Dial(node)));
        Assert.Equal((ErrorCode.Silence, true), (told.Code, told.IsUnreached));
    }

    private static Task<IChildLink> Dial(Listening node, TimeSpan? patience = null) =>
        node.Links.DialAsync(node.Address, Frames.Hello, patience ?? Eventually.Bound, Never);

    private async Task<(IChildLink Parent, IChildEnd Child)> Connect(CancellationToken cancelChild = default)
    {
        var opened = new TaskCompletionSource<IChildEnd>();
        await using var node = await Listen(hello => hello == Frames.Hello ? Admission.Granted
            : Admission.Refused(ErrorCode.Order, Reason.Text("another greeting")), link => _ = OpenAsync(link));
        var parent = await Soon(Dial(node));
        return (parent, await Soon(opened.Task));

        async Task OpenAsync(IParentLink link) =>
            opened.SetResult(await link.OpenAsync(Frames.Welcome, new LinkTerms(Pool, Calm), null, cancelChild));
    }

    private Task Run(IChildLink parent, Source<Parcel, NotUsed> branch,
        Action<Frame, ReadOnlyMemory<byte>>? heard = null, LinkDeadlines? deadlines = null,
        CancellationToken cancel = default) =>
        parent.RunAsync(branch, heard ?? Hear, new LinkTerms(Pool, deadlines ?? Calm), Materializer, cancel);

    private Task<ImmutableList<Frame>> Collect(IChildEnd child) =>
        child.Down.RunAggregate(ImmutableList<Frame>.Empty, (all, parcel) => all.AddRange(Frames.Open(parcel)),
            Materializer);

    private Source<Parcel, NotUsed> Data(int count, int bytes) =>
        Source.From(Enumerable.Range(0, count)).Select(i => Frames.Parcel(Pool, new DataFrame(i, 0, bytes)));

    private Source<Parcel, NotUsed> Sealed() => Source.From([0]).Select(_ => Frames.Parcel(Pool, Frames.Seal));

    private static Source<Parcel, NotUsed> Silent() =>
        Source.Maybe<Parcel>().MapMaterializedValue(_ => NotUsed.Instance);

    private void Hear(Frame frame, ReadOnlyMemory<byte> payload)
    {
        var text = payload.Length > 100 ? "" : Encoding.ASCII.GetString(payload.Span);
        _heard.Enqueue($"{Encoding.ASCII.GetString(FrameWriter.Header(frame)).TrimEnd()} {text}");
    }
}
