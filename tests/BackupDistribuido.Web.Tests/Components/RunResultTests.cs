using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Components.Node;
using BackupDistribuido.Web.Feed;
using Bunit;

namespace BackupDistribuido.Web.Tests.Components;

/// <summary>What an origin's page says of its run, large.</summary>
public sealed class RunResultTests : RenderedPage
{
    private static readonly NodeName Nas = NodeName.Parse("nas"), Attic = NodeName.Parse("attic"), Relay =
        NodeName.Parse("coordinator");

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
    [InlineData(Language.English, "PROTECTED 2/2, 1 disk",
        "nas, attic are on the disk of SOURCE; they do not protect against its loss")]
    [InlineData(Language.Spanish, "PROTEGIDA 2/2, 1 disco",
        "nas, attic están en el disco de SOURCE; no protegen de su pérdida")]
    public void Copies_that_share_a_disk_are_named(Language language, string headline, string why)
    {
        var end = new RunSummary(RunId.New(), SnapshotId.Parse("20261122T163305Z"), RunOutcome.Protected, 2, 2, 1,
            new TreeTotals(3, 2, 40), 0)
        {
            Seconds = 7,
            Reason = Reason.None,
            Destinations = [new ReplicaResult(Nas, ReplicaState.Stored, Reason.None, "disk"),
                new ReplicaResult(Attic, ReplicaState.Stored, Reason.None, "disk")],
            SourceDisk = "disk",
        };

        var page = Show<RunResult>(new NodeState(NodeRole.Origin, "laptop", SampleStatus.Now, null, null, [],
            OwnState.Nothing with { End = end }), language);

        Assert.Equal(headline, page.Find(".safety.good strong").TextContent);
        Assert.Equal(why, page.FindAll(".safety span")[1].TextContent);
    }

    private static RunStarted Run => new(NodeName.Parse("laptop"), RunId.New(), SnapshotId.Parse("20261122T163305Z"),
        new Epoch(1), "star", [Nas]);

    public static TheoryData<OwnState, string, string> States => new()
    {
        { OwnState.Nothing, "Not connected", "Sin conectar" },
        { OwnState.Nothing with { Coordinator = NodeAddress.Parse("nas:4053") }, "Waiting for destinations",
            "Esperando destinos" },
        { OwnState.Nothing with { Run = Run }, "Copying", "Copiando" },
        { OwnState.Nothing with { Run = Run, IsPaused = true }, "Paused", "En pausa" },
        { OwnState.Nothing with { Run = Run, Stored = [new(Nas, Run.Snapshot, 1, 2)] }, "Copying: 1 stored",
            "Copiando: 1 guardada" },
        { OwnState.Nothing with
            {
                End = new RunSummary(RunId.New(), Run.Snapshot, RunOutcome.Failed, 0, 2, 0, new TreeTotals(3, 2, 40), 0)
                { Seconds = 7, Reason = Reason.Text("why"), Destinations = [] },
            }, "The run failed", "La ejecución falló" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Each_state_of_a_run_is_told_in_english(OwnState own, string headline, string _) =>
        Assert.Equal(headline, Headline(own, Language.English));

    [Theory]
    [MemberData(nameof(States))]
    public void Each_state_of_a_run_is_told_in_spanish(OwnState own, string _, string headline) =>
        Assert.Equal(headline, Headline(own, Language.Spanish));

    private string Headline(OwnState own, Language language)
    {
        var page = Show<RunResult>(new NodeState(NodeRole.Origin, "laptop", SampleStatus.Now, null, null, [], own),
            language);
        Assert.DoesNotMatch("result\\.|[{}…]", page.Markup);
        return page.Find(".safety strong").TextContent;
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void The_shape_of_the_plan_is_told_in_the_pages_language(PlanNode[] children, Language language, string word)
    {
        var plan = new DeliveryPlan(RunId.New(), NodeName.Parse("laptop"), SnapshotId.Parse("20261122T163305Z"),
            new Epoch(1), LinkSecret.New(), Of(NodeName.Parse("laptop"), children));
        var run = new RunStarted(plan.Origin, plan.Run, plan.Snapshot, plan.Epoch, plan.Shape, [Nas, Attic]);

        var page = Show<RunResult>(new NodeState(NodeRole.Origin, "laptop", SampleStatus.Now, null, null, [],
            OwnState.Nothing with { Run = run }), language);

        Assert.EndsWith($" 20261122T163305Z, {word}", page.Find(".safety span").TextContent, StringComparison.Ordinal);
    }
}
