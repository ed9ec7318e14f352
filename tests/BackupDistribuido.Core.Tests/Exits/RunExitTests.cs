using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Tests.Exits;

public sealed class RunExitTests
{
    [Theory]
    [InlineData(RunOutcome.Protected, 0, null, ExitCode.Success)]
    [InlineData(RunOutcome.Protected, 1, null, ExitCode.Incomplete)]
    [InlineData(RunOutcome.AtRisk, 0, null, ExitCode.AtRisk)]
    [InlineData(RunOutcome.AtRisk, 7, null, ExitCode.AtRisk)]
    [InlineData(RunOutcome.Failed, 0, null, ExitCode.AtRisk)]
    [InlineData(RunOutcome.Protected, 0, StopSignal.Interrupt, ExitCode.Success)]
    [InlineData(RunOutcome.Protected, 2, StopSignal.Terminate, ExitCode.Incomplete)]
    [InlineData(RunOutcome.AtRisk, 0, StopSignal.Interrupt, ExitCode.Interrupted)]
    [InlineData(RunOutcome.Failed, 0, StopSignal.Terminate, ExitCode.Terminated)]
    [InlineData(null, 0, null, ExitCode.NotEnoughDestinations)]
    [InlineData(null, 0, StopSignal.Interrupt, ExitCode.Interrupted)]
    [InlineData(null, 0, StopSignal.Terminate, ExitCode.Terminated)]
    public void A_run_has_the_contracts_exit_code(RunOutcome? outcome, long skipped, StopSignal? signal,
        ExitCode expected)
    {
        var summary = outcome is { } how
            ? new RunSummary(RunId.New(), SnapshotId.Parse("20261122T163305Z"), how, 2, 2, 2, default, skipped)
            { Seconds = 1, Reason = Reason.None, Destinations = [] }
            : null;
        Assert.Equal(expected, RunExit.Of(summary, signal));
    }
}
