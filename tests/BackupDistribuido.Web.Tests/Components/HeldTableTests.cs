using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Web.Components.Coordinator;
using BackupDistribuido.Web.Components.Node;
using BackupDistribuido.Web.Control;
using BackupDistribuido.Web.Feed;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Tests.Components;

/// <summary>A destination's replicas, and reading them again.</summary>
public sealed class HeldTableTests : RenderedPage
{
    private static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");
    private static readonly VerificationReport Damage =
        new(new Verification.Damaged(SampleStatus.Now.AddHours(-2), 1234, "a/<b>"),
        [new FaultyEntry("a/<b>", EntryFault.OtherContent), new FaultyEntry("gone", EntryFault.Missing)]);

    private readonly HandControl _control = new();

    private IRenderedComponent<CascadingValue<BackupDistribuido.Web.Components.Views.View>> Page(
        Language language = Language.English) => Page<HeldTable>(language);

    private IRenderedComponent<CascadingValue<BackupDistribuido.Web.Components.Views.View>> Page<T>(Language language)
        where T : IComponent =>
        Show<T>(new NodeState(NodeRole.Destination, "", SampleStatus.Now, null, null, [], OwnState.Nothing), language,
            (nameof(HeldTable.Control), _control));

    [Theory]
    [InlineData(Language.English, "Verify now", "not re-read")]
    [InlineData(Language.Spanish, "Verificar ahora", "sin releer")]
    public void The_button_asks_for_it(Language language, string words, string never)
    {
        _control.Held = [new HeldByOrigin("laptop", Id, 3)];
        var page = Page(language);

        Assert.Contains(never, page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        var button = page.Find("button.verify");
        Assert.Equal(words, button.TextContent);
        button.Click();

        Assert.Equal(1, _control.Asked);
    }

    [Theory]
    [InlineData(NodePhase.Idle, 1, false)]
    [InlineData(NodePhase.Running, 0, false)]
    [InlineData(NodePhase.Running, 1, true)]
    public void There_is_something_to_press_only_where_there_is_something_to_read(NodePhase phase, int origins,
        bool enabled)
    {
        _control.Current = _control.Current with { Phase = phase };
        _control.Held = [.. Enumerable.Range(0, origins).Select(number => new HeldByOrigin($"o{number}", Id, 1))];

        Assert.Equal(!enabled, Page().Find("button.verify").HasAttribute("disabled"));
    }

    [Fact]
    public void How_far_it_is_shows_while_it_reads()
    {
        _control.Held = [new HeldByOrigin("laptop", Id, 3)];
        _control.Verify = new VerifyState(true, $"laptop {Id}", 512, 2048);

        var page = Page();

        Assert.Equal("25", page.Find(".verifying [role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Contains("512 B / 2.0 KiB", page.Find(".verifying").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("button.verify").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData(Language.English, "damaged", "1,234 wrong", "is missing", "has other content", "Run the origin again")]
    [InlineData(Language.Spanish, "dañada", "1.234 ficheros dañados", "falta", "tiene otro contenido",
        "Ejecuta otra vez el origen")]
    public void What_is_damaged_is_named_and_what_to_do_is_said(Language language, params string[] words)
    {
        _control.Held = [new HeldByOrigin("laptop", Id, 3, Damage),
            new HeldByOrigin("other", Id, 3,
                new VerificationReport(new Verification.Sound(SampleStatus.Now.AddMinutes(-5)), []))];

        var page = Page(language);

        Assert.All(words, word => Assert.Contains(word, page.Markup, StringComparison.Ordinal));
        Assert.Equal(2, page.FindAll(".damage li").Count);
        Assert.Contains("5 min", page.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("b"));
    }

    [Theory]
    [InlineData(Language.English, "Paused", "laptop 20261122T163305Z is paused at its origin")]
    [InlineData(Language.Spanish, "En pausa", "laptop 20261122T163305Z está en pausa (desde el origen)")]
    public void What_its_owner_has_paused_is_told(Language language, string headline, string said)
    {
        _control.Paused = ["laptop 20261122T163305Z"];

        var page = Page<DestinationPage>(language);

        Assert.Equal(headline, page.Find(".safety.warn strong").TextContent);
        Assert.Contains(said, page.Find(".safety .paused").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Language.English, "Damaged: 1,234 entries are wrong", "received intact since it connected")]
    [InlineData(Language.Spanish, "Con daños: 1.234 entradas están mal", "recibidos íntegros desde que se conectó")]
    public void A_destination_that_has_found_damage_says_so_first(Language language, string headline, string received)
    {
        _control.Held = [new HeldByOrigin("laptop", Id, 3, Damage)];

        var page = Page<DestinationPage>(language);

        Assert.Equal(headline, page.Find(".safety.bad strong").TextContent);
        Assert.Contains("a/<b>", page.Find(".safety .damaged").TextContent, StringComparison.Ordinal);
        Assert.Contains(received, page.Find(".safety").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_coordinator_shows_when_each_was_verified_and_what_is_damaged()
    {
        var (nas, laptop) = (NodeName.Parse("nas"), NodeName.Parse("laptop"));
        var cluster = new ClusterStatus(
            [SampleStatus.Destination("attic",
                60) with { Verified = new Verification.Sound(SampleStatus.Now.AddDays(-3)) },
                    SampleStatus.Destination("nas", 60) with { Verified = Damage.Verdict }], [],
            [new SnapshotStatus(laptop, Id, 1, 2,
                [new ReplicaHolder(NodeName.Parse("attic"), null), new ReplicaHolder(nas, null, Damage.Verdict)])]);

        var page = Show<CoordinatorOverview>(Coordinator(cluster), Language.English);

        var rows = page.FindAll("[aria-labelledby=destinations] tbody tr").Select(row => row.TextContent).ToList();
        Assert.Contains("3 d 00 h ago", rows[0], StringComparison.Ordinal);
        Assert.Contains("damaged", rows[1], StringComparison.Ordinal);
        Assert.Contains("nas (damaged)", page.Find("[aria-labelledby=snapshots]").TextContent,
            StringComparison.Ordinal);
        Assert.Contains("at risk 1/2", page.Markup, StringComparison.Ordinal);
    }

    private sealed class HandControl : INodeControl
    {
        public ControlState Current { get; set; } = new(new NodeSetup("/mnt", "", "10.0.0.1:4053", 1, false),
            NodePhase.Running, null, false, "/etc/bdist/destination.conf");

        public IReadOnlyList<HeldByOrigin> Held { get; set; } = [];

        public IReadOnlyList<string> Paused { get; set; } = [];

        public VerifyState Verify { get; set; } = VerifyState.Nothing;

        public int Asked { get; private set; }

        public void VerifyNow() => Asked++;

        public Task ConnectAsync(NodeSetup setup) => Task.CompletedTask;

        public void LetStart(bool may) { }

        public void Pause(bool paused) { }

        public Task StopAsync() => Task.CompletedTask;

        public FolderListing Browse(string? folder) => new(folder, null, []);
    }
}
