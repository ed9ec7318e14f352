using BackupDistribuido.Core.Exits;

namespace BackupDistribuido.Core.Tests.Exits;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(ExitCode.Success, 0)]
    [InlineData(ExitCode.Unexpected, 1)]
    [InlineData(ExitCode.Usage, 2)]
    [InlineData(ExitCode.NotEnoughDestinations, 3)]
    [InlineData(ExitCode.Incomplete, 4)]
    [InlineData(ExitCode.AtRisk, 5)]
    [InlineData(ExitCode.Busy, 6)]
    [InlineData(ExitCode.Interrupted, 130)]
    [InlineData(ExitCode.Terminated, 143)]
    public void Scripts_rely_on_the_numbers(ExitCode code, int number) => Assert.Equal(number, (int)code);

    [Fact]
    public void There_are_no_other_codes() => Assert.Equal(9, Enum.GetValues<ExitCode>().Length);
}
