using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Components.Node;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Pages;
using Bunit;

namespace BackupDistribuido.Web.Tests.Components;

/// <summary>What an origin's page says of its run, large.</summary>
public sealed class RunResultTests : RenderedPage
{
    private static readonly NodeName Nas = NodeName.Parse("nas"), Attic = NodeName.Parse("attic"), Relay = NodeName.Parse("coordinator");

    /// <summary>A plan of each shape, as deep as it takes.</summary>
    private static PlanNode Of(NodeName name, params PlanNode[] children) => new(name, null, children);

    public static TheoryData<PlanNode[], Language, string> Plans => new()
    {
        { [Of(Nas), Of(Attic)], Language.English, "star" },
        { [Of(Nas), Of(Attic)], Language.Spanish, "estrella" },
        { [Of(Nas, Of(Attic))], Language.Spanish, "cadena" },
        { [Of(Relay, Of(Nas)) with { Stores = false }], Language.Spanish, "retransmisión" },
        { [Of(Nas, Of(Attic)), Of(NodeName.Parse("office"))], Language.Spanish, "árbol" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void The_shape_of_the_plan_is_told_in_the_pages_language(PlanNode[] children, Language language, string word)
    {
        var plan = new DeliveryPlan(RunId.New(), NodeName.Parse("laptop"), SnapshotId.Parse("20261122T163305Z"), new Epoch(1), LinkSecret.New(), Of(NodeName.Parse("laptop"), children));
        var run = new RunStarted(plan.Origin, plan.Run, plan.Snapshot, plan.Epoch, plan.Shape, [Nas, Attic]);

        var page = Show<RunResult>(new NodeState(NodeRole.Origin, "laptop", SampleStatus.Now, null, null, [], OwnState.Nothing with { Run = run }), language);

        Assert.EndsWith($" 20261122T163305Z, {word}", page.Find(".safety span").TextContent, StringComparison.Ordinal);
    }
}
