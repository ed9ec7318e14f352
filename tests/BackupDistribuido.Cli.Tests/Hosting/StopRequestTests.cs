using BackupDistribuido.Cli.Hosting;
using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Tests.Hosting;

public sealed class StopRequestTests
{
    [Theory]
    [InlineData(StopSignal.Interrupt, ExitCode.Interrupted)]
    [InlineData(StopSignal.Terminate, ExitCode.Terminated)]
    public void The_first_signal_asks_and_the_second_ends(StopSignal second, ExitCode code)
    {
        var ended = new List<ExitCode>();
        using var stop = new StopRequest(ended.Add);
        Assert.Null(stop.Signal);
        stop.Raise(StopSignal.Terminate);
        Assert.True(stop.Token.IsCancellationRequested);
        Assert.Equal(StopSignal.Terminate, stop.Signal);
        Assert.Empty(ended);
        stop.Raise(second);
        Assert.Equal([code], ended);
        Assert.Equal(StopSignal.Terminate, stop.Signal);
    }
}
