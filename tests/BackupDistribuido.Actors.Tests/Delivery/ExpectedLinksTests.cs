using Akka.Actor;
using BackupDistribuido.Actors.Delivery;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Actors.Tests.Delivery;

public sealed class ExpectedLinksTests
{
    private static readonly NodeName Self = NodeName.Parse("a");
    private static readonly DeliveryPlan Plan =
        new(RunId.New(), HandLink.Origin, HandLink.Id, new Epoch(4), LinkSecret.New(),
        new PlanNode(HandLink.Origin, null,
            [new PlanNode(Self, NodeAddress.Parse("127.0.0.1:1"), []),
                new PlanNode(NodeName.Parse("b"), NodeAddress.Parse("127.0.0.1:2"), [])])
                    .Speaking(LinkProfile.Newest, _ => LinkProfile.Newest));
    private static readonly HelloFrame Hello =
        new(Plan.Run, Plan.Epoch, Plan.Secret, HandLink.Origin, Self, HandLink.Id);
    private readonly ExpectedLinks _links = new(Self);

    public ExpectedLinksTests() => _links.Expect(Plan, ActorRefs.Nobody);

    [Fact]
    public void The_plans_own_link_is_admitted() => Assert.Null(_links.Admit(Hello).Refusal);

    [Fact]
    public void Anything_else_is_refused()
    {
        Assert.Equal(ErrorCode.Run, Code(Hello with { Run = RunId.New() }));
        Assert.Equal(ErrorCode.Secret, Code(Hello with { Secret = LinkSecret.New() }));
        Assert.Equal(ErrorCode.Epoch, Code(Hello with { Epoch = new Epoch(3) }));
        Assert.Equal(ErrorCode.Epoch, Code(Hello with { Epoch = new Epoch(5) }));
        Assert.Equal(ErrorCode.Order, Code(Hello with { To = NodeName.Parse("b") }));
        Assert.Equal(ErrorCode.Order, Code(Hello with { From = NodeName.Parse("b") }));
        Assert.Equal(ErrorCode.Order, Code(Hello with { Snapshot = Core.Naming.SnapshotId.Parse("20261123T000000Z") }));
    }

    [Fact]
    public void Who_lacks_the_secret_does_not_learn_the_epoch()
    {
        foreach (var epoch in new[] { 3, 5 })
        {
            Assert.DoesNotContain("4",
                _links.Admit(Hello with
                {
                    Epoch = new Epoch(epoch),
                    Secret = LinkSecret.New()
                }).Refusal!.Reason.ToString(),
                    StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_forgotten_is_unknown()
    {
        _links.Forget(Plan.Run);
        Assert.Equal(ErrorCode.Run, Code(Hello));
        _links.Expect(Plan, ActorRefs.Nobody);
        _links.Clear();
        Assert.Equal(ErrorCode.Run, Code(Hello));
    }

    private ErrorCode? Code(HelloFrame hello) => _links.Admit(hello).Refusal?.Code;
}
