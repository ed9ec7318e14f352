using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Web.Components.Coordinator;
using BackupDistribuido.Web.Components.Views;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class CoordinatorOverviewTests : RenderedPage
{
    private IRenderedComponent<CascadingValue<View>> Overview(ClusterStatus cluster,
        Language language = Language.English, string? problem = null) =>
        Show<CoordinatorOverview>(Coordinator(cluster, problem), language);

    [Theory]
    [InlineData(Language.English, "0", "destinations connected", "Nothing is being copied.")]
    [InlineData(Language.Spanish, "0", "destinos conectados", "No se está copiando nada.")]
    public void Nobody_is_there(Language language, string count, string noun, string runs)
    {
        var page = Overview(SampleStatus.Nobody, language);

        Assert.Equal(count, page.Find(".count strong").TextContent);
        Assert.Equal(noun, page.Find(".count span").TextContent);
        Assert.Contains(runs, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_connected_count_is_large_and_singular()
    {
        var page = Overview(SampleStatus.OneOfEach);

        Assert.Equal("1", page.Find(".count strong").TextContent);
        Assert.Equal("destination connected", page.Find(".count span").TextContent);
    }

    [Theory]
    [InlineData(2, 2, "good", "Everything is protected", "protected 2/2")]
    [InlineData(1, 2, "bad", "At risk: db", "at risk 1/2")]
    public void It_says_whether_all_is_safe(int copies, int required, string tone, string headline, string badge)
    {
        var page = Overview(new ClusterStatus([], [], [SampleStatus.Snapshot("db", copies, required)]));

        Assert.Equal(headline, page.Find($".safety.{tone} strong").TextContent);
        Assert.Equal(badge, page.Find("[aria-labelledby=snapshots] .badge").TextContent);
    }

    [Theory]
    [InlineData(Language.English, 1, "2 copies on 1 disk")]
    [InlineData(Language.Spanish, 1, "2 copias en 1 disco")]
    [InlineData(Language.English, 2, null)]
    public void Copies_on_one_disk_are_told_in_the_table(Language language, int disks, string? why)
    {
        var page =
            Overview(new ClusterStatus([], [], [SampleStatus.Snapshot("db", 2, 2) with { Disks = disks }]), language);

        Assert.Equal(why, page.FindAll("[aria-labelledby=snapshots] .why").SingleOrDefault()?.TextContent);
        Assert.NotNull(page.Find(".safety.good strong"));
    }

    [Fact]
    public void A_snapshot_with_too_few_copies_is_copying_while_a_run_of_it_is_under_way()
    {
        var run = SampleStatus.Run("db", RunPhase.Copying, 1, 2, 1, 2);
        var page = Overview(new ClusterStatus([], [run],
            [SampleStatus.Snapshot("db", 1, 2) with { Snapshot = run.Snapshot }]));

        Assert.Equal("copying 1/2", page.Find("[aria-labelledby=snapshots] .badge.busy").TextContent);
        Assert.Equal("Copying: db", page.Find(".safety.busy strong").TextContent);
    }

    [Theory]
    [InlineData(Language.English, "Failed: laptop-photos",
        "last run failed 3 min ago (fewer replicas than required, and no destination came back); all copies offline; protected "
        + "snapshot 1 h 56 min old", "failed 0/2")]
    [InlineData(Language.Spanish, "Falló: laptop-photos",
        "la última ejecución falló hace 3 min (hay menos réplicas de las requeridas, y no volvió ningún destino); todas las copias "
        + "están desconectadas; la instantánea protegida es de hace 1 h 56 min", "falló 0/2")]
    public void With_nobody_connected_after_a_failed_run_nothing_is_green(Language language, string headline,
        string why, string badge)
    {
        var page = Overview(SampleStatus.Failed, language);

        Assert.Equal("0", page.Find(".count strong").TextContent);
        Assert.Equal(headline, page.Find(".safety.bad strong").TextContent);
        Assert.Contains(why, page.Find(".safety.bad").TextContent, StringComparison.Ordinal);
        Assert.Equal(badge, page.Find("[aria-labelledby=snapshots] .badge.bad").TextContent);
        Assert.Empty(page.FindAll(".good"));
    }

    [Fact]
    public void Copies_that_are_all_offline_are_amber()
    {
        var page = Overview(SampleStatus.Failed with { Origins = null });

        Assert.Equal("Protected, all copies offline: laptop-photos", page.Find(".safety.warn strong").TextContent);
        Assert.Equal("protected, all copies offline 2/2",
            page.Find("[aria-labelledby=snapshots] .badge.warn").TextContent);
    }

    [Theory]
    [InlineData(Language.English, "it does not answer any more", "5 min ago")]
    [InlineData(Language.Spanish, "no responde", "hace 5 min")]
    public void Who_is_gone_is_named_with_the_reason(Language language, string reason, string ago)
    {
        var page = Overview(SampleStatus.Nobody with
        {
            Absent = [new AbsentNode(NodeName.Parse("attic"),
            NodeAddress.Parse("10.0.0.9:4054"), SampleStatus.Now.AddMinutes(-5), MemberReason.Silent)]
        },
                language);

        var row = page.Find("tr.gone").TextContent;
        Assert.Contains("attic", row, StringComparison.Ordinal);
        Assert.Contains(reason, row, StringComparison.Ordinal);
        Assert.Contains(ago, row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Language.English, "its manifest differs from the origin's", "laptop → nas (auto: one destination)")]
    [InlineData(Language.Spanish, "su manifiesto no es el del origen", "laptop → nas (auto: un destino)")]
    public void Why_a_destination_failed_and_why_a_plan_has_its_shape_is_told(Language language, string reason,
        string plan)
    {
        var run = Chain("nas") with
        {
            Plan = PlanReason.Shape("laptop → nas", PlanReason.OneDestination),
            Members = [Member("nas", "laptop") with { Standing = MemberStanding.Failed,
                Reason = ReplicaReason.OtherManifest }]
        };

        var page = Overview(new ClusterStatus([], [run], []), language);

        Assert.Equal(reason, page.Find(".run .why").TextContent);
        Assert.Equal(plan, page.Find(".plan small").TextContent);
    }

    [Fact]
    public void A_run_shows_each_destination_and_the_plan_as_a_graph()
    {
        var page = Overview(new ClusterStatus([], [Chain("nas", "attic", "office")], []));

        Assert.Equal(["laptop", "nas", "attic", "office"],
            page.FindAll("svg .node title").Select(title => title.TextContent)
                .OrderBy(name => name == "laptop" ? "" : name == "nas" ? "1" : name == "attic" ? "2" : "3"));
        Assert.Equal(3, page.FindAll("svg .edge").Count);
        Assert.Equal(3, page.FindAll("[aria-label='Destinations of the run'] tbody tr").Count);
        Assert.Equal("25", page.FindAll("[role=progressbar]")[1].GetAttribute("aria-valuenow"));
    }

    [Fact]
    public void A_plan_of_very_many_is_told_in_words_and_one_with_a_circle_harms_nothing()
    {
        var many = Overview(new ClusterStatus([],
            [Chain([.. Enumerable.Range(0, PlanDrawing.MostNodes + 1).Select(n => $"d{n}")])], []));
        Assert.Empty(many.FindAll("svg .node"));

        var circle = Chain("a") with { Members = [Member("a", "b"), Member("b", "a")] };
        Assert.Single(PlanDrawing.Of(circle, Coordinator(SampleStatus.Nobody))!.Nodes);
        var self = Chain("a") with { Members = [Member("laptop", "laptop")] };
        Assert.InRange(PlanDrawing.Of(self, Coordinator(SampleStatus.Nobody))!.Nodes.Count, 1, 100);
    }

    [Fact]
    public void Names_and_reasons_are_text_and_never_markup()
    {
        var run = Chain("nas") with
        {
            Plan = Reason.Text("<script>alert(1)</script>"),
            Members = [Member("nas", "laptop") with { Reason = Reason.Text("<img src=x onerror=alert(1)>") }]
        };

        var page = Overview(new ClusterStatus([], [run], []), problem: "<b>down</b>");

        Assert.Empty(page.FindAll("script, img, b"));
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page.Markup, StringComparison.Ordinal);
    }

    private static RunStatus Chain(params string[] names) =>
        SampleStatus.Run("laptop", RunPhase.Copying, 0, 1, 50, 100) with
        {
            FilesTotal = 4,
            Members = [.. names.Select((name, at) => Member(name, at == 0 ? "laptop" : names[at - 1]))],
        };

    private static RunMemberStatus Member(string name, string parent) =>
        new(NodeName.Parse(name), MemberStanding.Copying, Reason.None, NodeName.Parse(parent), 25, 20, 1);
}
