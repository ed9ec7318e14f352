using System.Net;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Transfer.Links;

namespace BackupDistribuido.Transfer.Tests.Links;

public sealed class ChildConnectionsTests
{
    private static readonly NodeName Parent = NodeName.Parse("parent");
    private static readonly NodeName Caller = NodeName.Parse("caller");
    private static readonly NodeName Dialled = NodeName.Parse("dialled");
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly ChildConnections _children = new(Parent);
    private readonly DeliveryPlan _plan = Plan(new Epoch(2));

    [Fact]
    public void Only_a_child_of_the_plan_that_is_to_dial_may_call()
    {
        var call = Call(_plan);
        Assert.Equal(ErrorCode.Run, _children.Admit(call).Refusal?.Code);
        _children.Expect(_plan);
        Assert.Null(_children.Admit(call).Refusal);
        Assert.Equal(ErrorCode.Epoch, _children.Admit(call with { Epoch = new Epoch(1) }).Refusal?.Code);
        Assert.Equal(ErrorCode.Secret, _children.Admit(call with { Secret = LinkSecret.New() }).Refusal?.Code);
        Assert.Equal(ErrorCode.Order, _children.Admit(call with { Node = Dialled }).Refusal?.Code);
        Assert.Equal(ErrorCode.Order, _children.Admit(call with { Node = Parent }).Refusal?.Code);
        Assert.Equal(ErrorCode.Order, _children.Admit(call with { Parent = Dialled }).Refusal?.Code);
        _children.Forget(_plan.Run);
        Assert.Equal(ErrorCode.Run, _children.Admit(call).Refusal?.Code);
    }

    [Fact]
    public async Task The_later_of_two_calls_is_kept_until_it_is_taken()
    {
        _children.Expect(_plan);
        var (first, second) = (Connection(out var older), Connection(out var newer));
        _children.Called(Call(_plan), first);
        _children.Called(Call(_plan), second);

        Assert.True(older.IsDisposed);
        Assert.Same(second, await _children.TakeAsync(_plan, Caller, Moment, CancellationToken.None));
        Assert.False(newer.IsDisposed);
        Assert.True((await Assert.ThrowsAsync<LinkException>(() =>
            _children.TakeAsync(_plan, Caller, Moment, CancellationToken.None))).IsUnreached);
    }

    [Fact]
    public async Task Who_waits_gets_the_call_that_comes()
    {
        _children.Expect(_plan);
        var taking = _children.TakeAsync(_plan, Caller, TimeSpan.FromSeconds(30), CancellationToken.None);
        var connection = Connection(out _);

        _children.Called(Call(_plan), connection);

        Assert.Same(connection, await taking);
    }

    [Fact]
    public async Task Who_has_given_up_waiting_takes_no_call_from_who_waits_on()
    {
        _children.Expect(_plan);
        using var cut = new CancellationTokenSource();
        var cutShort = _children.TakeAsync(_plan, Caller, TimeSpan.FromSeconds(30), cut.Token);
        var taking = _children.TakeAsync(_plan, Caller, TimeSpan.FromSeconds(30), CancellationToken.None);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cutShort);
        var connection = Connection(out var stream);

        _children.Called(Call(_plan), connection);

        Assert.Same(connection, await taking);
        Assert.False(stream.IsDisposed);
    }

    [Fact]
    public async Task Another_plan_closes_what_the_older_one_was_called_for()
    {
        _children.Expect(_plan);
        _children.Called(Call(_plan), Connection(out var called));
        var next = Plan(new Epoch(3)) with { Run = _plan.Run };

        _children.Expect(next);
        _children.Expect(_plan);

        Assert.True(called.IsDisposed);
        Assert.Equal(ErrorCode.Epoch, _children.Admit(Call(_plan)).Refusal?.Code);
        Assert.Null(_children.Admit(Call(next)).Refusal);
        Assert.Equal(ErrorCode.Epoch,
            (await Assert.ThrowsAsync<LinkException>(() =>
                _children.TakeAsync(_plan, Caller, Moment, CancellationToken.None))).Code);
        _children.Called(Call(_plan), Connection(out var late));
        Assert.True(late.IsDisposed);
    }

    private static CallFrame Call(DeliveryPlan plan) => new(plan.Run, plan.Epoch, plan.Secret, Caller, Parent);

    private static DeliveryPlan Plan(Epoch epoch) =>
        new(RunId.New(), Parent, SnapshotId.Parse("20261122T163305Z"), epoch, LinkSecret.New(),
        new PlanNode(Parent, NodeAddress.Parse("10.0.0.1:4054"),
            [new PlanNode(Caller, null, [], Calls: true),
                new PlanNode(Dialled, NodeAddress.Parse("10.0.0.2:4054"), [])])
                .Speaking(LinkProfile.Newest, _ => LinkProfile.Newest));

    private static PeerConnection Connection(out Watched stream)
    {
        stream = new Watched();
        return new PeerConnection(stream, new IPEndPoint(IPAddress.Loopback, 1), _ => Task.CompletedTask);
    }

    private sealed class Watched : MemoryStream
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
