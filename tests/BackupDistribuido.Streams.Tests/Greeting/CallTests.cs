using System.Collections.Concurrent;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Tests.Conversations;

namespace BackupDistribuido.Streams.Tests.Greeting;

/// <summary>A child that dials its parent.</summary>
public sealed class CallTests
{
    private static readonly CallFrame Call =
        new(Frames.Run, Frames.Hello.Epoch, Frames.Hello.Secret, Frames.Hello.To, Frames.Hello.From);
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ConcurrentQueue<LinkRefusal> _refused = new();
    private readonly TaskCompletionSource<PeerConnection> _called =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_parent_greets_when_it_likes_and_the_link_is_as_any_other(bool secured)
    {
        var security = secured ? TestKeys.Cluster : null;
        await using var parent = await Listen(security, Admission.Granted);

        var calling = LinkDialer.CallAsync(parent.Address, Call, security, Never);
        var connection = await _called.Task.WaitAsync(Eventually.Bound);
        Assert.False(calling.IsCompleted);
        var greeting = LinkDialer.GreetAsync(connection, Frames.Hello, "copy-1", Never, Eventually.Bound);
        var link = await calling.WaitAsync(Eventually.Bound);
        Assert.Equal(Frames.Hello, link.Hello);
        await link.Connection.WriteAsync(Frames.Welcome, Never);

        Assert.Equal(Frames.Welcome, (await greeting.WaitAsync(Eventually.Bound)).Welcome);
        Assert.Empty(_refused);
        link.Connection.Dispose();
        connection.Dispose();
    }

    [Theory]
    [InlineData("ALIVE\n", "order")]
    [InlineData("WELCOME 2 0000000000000000 1 copy-1 0 -\n", "order")]
    [InlineData("WELCOME 2 nonsense\n", "syntax")]
    [InlineData("WELC", "truncated")]
    [InlineData(null, "silence")]
    public async Task A_child_that_answers_something_else_is_told_why_it_is_given_up(string? answer, string code)
    {
        var stranger = new TaskCompletionSource<PeerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var child = await LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"),
            new LinkReception(_ => Admission.Granted, link => stranger.SetResult(link.Connection), _ => { }), null,
            Never);
        var dialing = LinkDialer.DialAsync(child.Address, Frames.Hello, null, Never,
            answer is null ? TimeSpan.FromMilliseconds(200) : Eventually.Bound);
        using var connection = await stranger.Task.WaitAsync(Eventually.Bound);

        if (answer is not null)
        {
            await connection.WriteAsync([System.Text.Encoding.ASCII.GetBytes(answer)], null, Never);
            await connection.CloseWritingAsync(Never);
        }

        await Assert.ThrowsAsync<LinkException>(() => dialing.WaitAsync(Eventually.Bound));
        Assert.StartsWith($"ERROR {code} ", await ToEnd(connection));
    }

    private static async Task<string> ToEnd(PeerConnection connection)
    {
        var (heard, scratch) = (new System.Text.StringBuilder(), new byte[4096]);
        using var limit = new CancellationTokenSource(Eventually.Bound);
        while (await connection.ReadAsync(scratch, limit.Token) is > 0 and var count)
            heard.Append(System.Text.Encoding.ASCII.GetString(scratch, 0, count));
        return heard.ToString();
    }

    [Theory]
    [InlineData(ErrorCode.Run, 0)]
    [InlineData(ErrorCode.Epoch, 0)]
    [InlineData(ErrorCode.Secret, 1)]
    [InlineData(ErrorCode.Order, 1)]
    public async Task A_refused_child_hears_why_and_the_owner_hears_of_it_unless_the_child_is_early(ErrorCode code,
        int told)
    {
        await using var parent = await Listen(null, Admission.Refused(code, Reason.Text("no")));

        var thrown = await Assert.ThrowsAsync<LinkException>(() =>
            LinkDialer.CallAsync(parent.Address, Call, null, Never).WaitAsync(Eventually.Bound));

        Assert.Equal((code, true, false), (thrown.Code, thrown.IsFromPeer, thrown.IsUnreached));
        Assert.Equal(told, _refused.Count);
    }

    [Fact]
    public async Task Where_nobody_listens_the_other_side_is_unreached()
    {
        var thrown = await Assert.ThrowsAsync<LinkException>(() =>
            LinkDialer.CallAsync(NodeAddress.Parse("127.0.0.1:1"), Call, null, Never));
        Assert.True(thrown.IsUnreached);
        thrown = await Assert.ThrowsAsync<LinkException>(() =>
            LinkDialer.DialAsync(NodeAddress.Parse("127.0.0.1:1"), Frames.Hello, null, Never));
        Assert.True(thrown.IsUnreached);
    }

    private Task<LinkListener> Listen(ClusterKey? security, Admission admission) => LinkListener.StartAsync(
        NodeAddress.Parse("127.0.0.1:0"),
        new LinkReception(_ => Admission.Refused(ErrorCode.Order, Reason.Text("a call is expected")),
            link => link.Connection.Dispose(), _refused.Enqueue)
        {
            AdmitCall = call =>
                call == Call ? admission : Admission.Refused(ErrorCode.Syntax, Reason.Text("another call")),
            Called = (_, connection) => _called.SetResult(connection),
        },
        security, Never);
}
