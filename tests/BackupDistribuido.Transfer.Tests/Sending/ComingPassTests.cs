using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Transfer.Sending;

namespace BackupDistribuido.Transfer.Tests.Sending;

public sealed class ComingPassTests
{
    private static readonly NodeName Child = NodeName.Parse("child");

    [Fact]
    public void What_links_say_before_the_pass_begins_is_kept_in_order_and_nobody_waits()
    {
        var (coming, pass) = (new ComingPass(), new Heard());
        coming.Needs(Child, 1, NeedSet.Of([]));
        coming.Left(Child);

        coming.Begin(pass);
        coming.Needs(Child, 2, NeedSet.Of([]));

        Assert.Equal(["needs 1", "left", "needs 2"], pass.Words);
    }

    private sealed class Heard : IPassControl
    {
        public List<string> Words { get; } = [];

        public void Needs(NodeName child, int page, NeedSet needs) => Words.Add($"needs {page}");

        public void Left(NodeName child) => Words.Add("left");
    }
}
