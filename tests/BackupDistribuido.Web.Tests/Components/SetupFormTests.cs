using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Web.Components.Node;
using BackupDistribuido.Web.Control;
using BackupDistribuido.Web.Feed;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class SetupFormTests : RenderedPage
{
    private static readonly NodeSetup Setup = new("/home/ana/photos", "", "10.0.0.1:4053", 2, false);

    private readonly HandControl _control = new();

    private IRenderedComponent<CascadingValue<BackupDistribuido.Web.Components.Views.View>> Page(OwnState? own = null,
        bool interactive = true, Language language = Language.English)
    {
        IsInteractive = interactive;
        return Show<OriginPage>(new NodeState(NodeRole.Origin, "", SampleStatus.Now, null, null, [],
            own ?? OwnState.Nothing), language, (nameof(OriginPage.Control), _control));
    }

    [Fact]
    public void What_is_filled_in_is_what_connects()
    {
        var page = Page();

        page.Find("#folder").Input(" /home/ana/other ");
        page.Find("#copies").Input("3");
        page.Find("form").Submit();

        Assert.Equal(Setup with { Folder = "/home/ana/other", Copies = 3 }, Assert.Single(_control.Connected));
    }

    [Fact]
    public void Before_the_page_listens_nothing_can_be_typed()
    {
        var page = Page(interactive: false);

        Assert.All(page.FindAll(".setup input:not([type=checkbox])"),
            input => Assert.True(input.HasAttribute("disabled")));
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData(Language.English, "1 of 2 destinations: waiting for one more")]
    [InlineData(Language.Spanish, "1 de 2 destinos: falta uno")]
    public void The_live_count_says_what_is_lacking(Language language, string count)
    {
        _control.Current = _control.Current with { Phase = NodePhase.Running };

        Assert.Contains(count,
            Page(new OwnState
            {
                Coordinator = NodeAddress.Parse(Setup.Coordinator),
                Counts = new DestinationsChanged(1, 1, 2)
            }, language: language)
                    .Find(".count").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Language.English, "no connection, still trying", "it speaks another version of the protocol")]
    [InlineData(Language.Spanish, "sin conexión, se sigue intentando", "habla otra versión del protocolo")]
    public void Why_there_is_no_connection_is_said_at_once(Language language, string said, string why)
    {
        _control.Current = _control.Current with { Phase = NodePhase.Running };

        var line = Page(new OwnState { WhyNot = ControlReason.OtherVersion }, language: language)
            .Find(".connection");

        Assert.Contains(said, line.TextContent, StringComparison.Ordinal);
        Assert.Contains(why, line.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tick_lets_a_connected_origin_start()
    {
        _control.Current = _control.Current with { Phase = NodePhase.Running };

        Page().Find(".setup input[type=checkbox]").Change(true);

        Assert.True(_control.Current.MayStart);
        Assert.Empty(_control.Connected);
    }

    [Theory]
    [InlineData(Language.English, "It will end at risk: 1 of 2 copies are stored, and they stay.")]
    [InlineData(Language.Spanish, "Terminará en riesgo: hay 1 de 2 copias guardadas, y se conservan.")]
    public void A_run_is_cancelled_only_after_it_was_said_what_becomes_of_it(Language language, string becomes)
    {
        var (nas, id) = (NodeName.Parse("nas"), SnapshotId.Parse("20261122T163305Z"));
        _control.Current = _control.Current with { Phase = NodePhase.Running };
        var page = Page(new OwnState
        {
            Run = new RunStarted(nas, RunId.New(), id, new Epoch(1), "star", [nas]),
            Stored = [new ReplicaCounted(nas, id, 1, 2)]
        }, language: language);

        page.Find(".actions .mud-button-outlined-error").Click();
        Assert.Contains(becomes, page.Find(".ask").TextContent, StringComparison.Ordinal);
        page.Find(".ask .no").Click();
        Assert.Empty(page.FindAll(".ask"));
        Assert.Equal(0, _control.Stopped);

        page.Find(".actions .mud-button-outlined-error").Click();
        page.Find(".ask .yes").Click();
        Assert.Equal(1, _control.Stopped);
    }

    private sealed class HandControl : INodeControl
    {
        public ControlState Current { get; set; } = new(Setup, NodePhase.Idle, null, false, "/etc/bdist/origin.conf");

        public IReadOnlyList<HeldByOrigin> Held => [];

        public IReadOnlyList<string> Paused => [];

        public VerifyState Verify => VerifyState.Nothing;

        public void VerifyNow() { }

        public List<NodeSetup> Connected { get; } = [];

        public Task ConnectAsync(NodeSetup setup)
        {
            Connected.Add(setup);
            return Task.CompletedTask;
        }

        public void LetStart(bool may) => Current = Current with { MayStart = may };

        public void Pause(bool paused) { }

        public int Stopped { get; private set; }

        public Task StopAsync()
        {
            Stopped++;
            return Task.CompletedTask;
        }

        public FolderListing Browse(string? folder) => new(folder, null, []);
    }
}
