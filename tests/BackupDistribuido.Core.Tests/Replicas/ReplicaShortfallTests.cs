using BackupDistribuido.Core.Replicas;

namespace BackupDistribuido.Core.Tests.Replicas;

public sealed class ReplicaShortfallTests
{
    [Theory]
    [InlineData(ReplicaLimits.SymbolicLinks | ReplicaLimits.Owners, 2, "missing 2: symbolic links, owners")]
    [InlineData(ReplicaLimits.Attributes, 0, "missing 0: extended attributes")]
    [InlineData(ReplicaLimits.Modes | ReplicaLimits.Times, 0, "missing 0: modes, exact times")]
    [InlineData(ReplicaLimits.Names | ReplicaLimits.Owners, 3, "missing 3: names, owners")]
    [InlineData(ReplicaLimits.None, 0, "missing 0: ")]
    public void Its_line_reads_back(ReplicaLimits limits, long missing, string line)
    {
        var shortfall = new ReplicaShortfall(limits, missing);
        Assert.Equal(line, shortfall.Format());
        Assert.True(ReplicaShortfall.TryParse(line, out var read));
        Assert.Equal(shortfall, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("missing")]
    [InlineData("missing : owners")]
    [InlineData("missing -1: owners")]
    [InlineData("missing 01: owners")]
    [InlineData("missing 99999999999999999999: owners")]
    [InlineData("missing 1: owners, wings")]
    [InlineData("missing 1: owners, symbolic links")]
    [InlineData("missing 1: owners ")]
    public void Anything_else_is_refused(string line) => Assert.False(ReplicaShortfall.TryParse(line, out _));
}
