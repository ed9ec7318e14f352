using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;

namespace BackupDistribuido.Cli.Tests.Running;

public sealed class StopRequestTests
{
    [Theory]
    [InlineData(StopSignal.Interrupt, ExitCode.Interrupted)]
    [InlineData(StopSignal.Terminate, ExitCode.Terminated)]
    public void The_first_signal_asks_and_the_second_ends(StopSignal second, ExitCode code)
    {
        var ended = new List<ExitCode>();
        using var stop = new StopRequest(ended.Add, _ => { });
        Assert.Null(stop.Signal);
        stop.Raise(StopSignal.Terminate);
        Assert.True(stop.Token.IsCancellationRequested);
        Assert.Equal(StopSignal.Terminate, stop.Signal);
        Assert.Empty(ended);
        stop.Raise(second);
        Assert.Equal([code], ended);
        Assert.Equal(StopSignal.Terminate, stop.Signal);
    }

    [Fact]
    public void A_stop_that_hangs_is_ended()
    {
        using var hung = new ManualResetEventSlim();
        StopSignal? asked = null;
        using var stop =
            new StopRequest(_ => { }, signal => { asked = signal; hung.Set(); }, TimeSpan.FromMilliseconds(50));
        Assert.False(hung.Wait(200));
        stop.Raise(StopSignal.Terminate);
        Assert.True(hung.Wait(5000));
        Assert.Equal(StopSignal.Terminate, asked);
    }

    [Fact]
    public async Task A_stop_that_is_over_in_time_is_left_alone()
    {
        var ended = 0;
        var stop = new StopRequest(_ => { }, _ => ended++, TimeSpan.FromMilliseconds(300));
        stop.Raise(StopSignal.Terminate);
        stop.Dispose();
        await Task.Delay(600);
        Assert.Equal(0, ended);
    }
}
