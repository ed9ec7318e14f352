using Akka.Configuration;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Hosting.Control;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Web.Control;
using BackupDistribuido.Web.Feed;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupDistribuido.Cli.Tests.NodeSettings;

/// <summary>What becomes of the choices on an origin's page.</summary>
public sealed class PageControlTests : IAsyncDisposable
{
    private static readonly Dictionary<Setting, IReadOnlyList<string>> NoLists = [];

    private readonly BdistRun _run = new(new ScriptedNodes
    {
        Script = (_, stop) => Task.Delay(Timeout.Infinite, stop)
        .ContinueWith(_ => ExitCode.Success, TaskScheduler.Default)
    });
    private readonly OriginControl _origin = new();
    private readonly PageControl _control;

    public PageControlTests()
    {
        var flags = new Flags(_run.File("origin.conf", "backup.origin.name = mine"), new Dictionary<Setting, string?>(),
            NoLists);
        var choices = new OriginChoices(flags, new KeptChoices(Kept), "nas", _run.StateFolder);
        var context = new NodeContext(new NodeSecurity.LoopbackOnly(), _ => { }, NullLoggerFactory.Instance,
            ConfigurationFactory.Empty);
        var kind = new PagedOrigin(_run.Nodes, choices, context, _origin);
        _control = new PageControl(kind, Setup(), new PageFolders([_run.Folder]), null,
            CancellationToken.None);
        _control.Feed =
            new NodeFeed(NodeRole.Origin, "", TimeProvider.System, new OriginPages(_origin)) { Control = _control };
    }

    private string Kept => Path.Combine(_run.Folder, "origin.conf");

    private NodeSetup Setup(string name = "", bool start = true) => new(_run.Source, name, "127.0.0.1:4053", 1, start);

    private string? Read(Setting setting) => HoconFile.Load(Kept).TryGet(setting, out var text, out _) ? text : null;

    [Fact]
    public async Task A_name_that_is_cleared_is_gone_with_the_same_connect()
    {
        await _control.ConnectAsync(Setup("photos"));
        Assert.Equal("photos", Read(Settings.OriginName));
        await _control.StopAsync();

        await _control.ConnectAsync(Setup());

        Assert.Null(_control.Current.Problem);
        Assert.Equal("nas-photos", _control.Feed.Current.Name);
        Assert.Null(Read(Settings.OriginName));
    }

    [Fact]
    public async Task The_tick_for_the_start_is_kept_with_the_rest_and_when_it_is_changed()
    {
        await _control.ConnectAsync(Setup(start: false));
        Assert.Equal(("false", _run.Source), (Read(Settings.StartWhenReady), Read(Settings.Source)));
        Assert.False(_origin.MayStart);

        _control.LetStart(true);

        Assert.Equal("true", Read(Settings.StartWhenReady));
        Assert.True(_origin.MayStart);
    }

    [Fact]
    public void Before_it_connects_nothing_is_kept()
    {
        _control.LetStart(false);

        Assert.Null(Read(Settings.StartWhenReady));
        Assert.False(_control.Current.MayStart);
    }

    [Fact]
    public async Task What_ends_while_the_tick_is_kept_is_over_all_the_same()
    {
        var node = new EndingNode();
        await using var control = new PageControl(node, Setup(), new PageFolders([_run.Folder]),
            null, CancellationToken.None);
        await using var feed =
            new NodeFeed(NodeRole.Origin, "", TimeProvider.System, new OriginPages(_origin)) { Control = control };
        control.Feed = feed;
        await control.ConnectAsync(Setup(start: false));
        node.BeforeKeeping = () =>
        {
            node.End.SetResult();
            Assert.True(SpinWait.SpinUntil(() => control.Current.Phase == NodePhase.Over, TimeSpan.FromSeconds(20)));
        };

        control.LetStart(true);

        Assert.Equal((NodePhase.Over, true, true),
            (control.Current.Phase, control.Current.MayStart, control.Current.Setup.StartWhenReady));
    }

    /// <summary>A node that runs until the test ends it.</summary>
    private sealed class EndingNode : IPagedNode
    {
        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action BeforeKeeping { get; set; } = () => { };

        public IReadOnlyList<string> Paused => [];

        public VerifyState Verify => VerifyState.Nothing;

        public string KeptIn => "";

        public void Keep(NodeSetup setup) => BeforeKeeping();

        public (string Name, Func<CancellationToken, Task<ExitCode>> Run) Prepare(NodeSetup setup) =>
            ("mine", RunAsync);

        private async Task<ExitCode> RunAsync(CancellationToken stop)
        {
            await End.Task.WaitAsync(stop);
            return ExitCode.Success;
        }

        public void LetStart(bool may)
        {
        }

        public void Pause(bool paused)
        {
        }

        public void VerifyNow()
        {
        }

        public long? FreeBytes(string folder) => null;

        public IReadOnlyList<HeldByOrigin> Held(string folder) => [];
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        await _control.Feed.DisposeAsync();
        _run.Dispose();
    }
}
