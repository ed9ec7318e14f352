using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Hosting.Notices;
using BackupDistribuido.Hosting.Pages;
using BackupDistribuido.Record;
using BackupDistribuido.Web.Feed;
using BackupDistribuido.Web.Metrics;

namespace BackupDistribuido.Hosting.Tests.Nodes;

public sealed class CoordinatorEventsTests : IAsyncLifetime
{
    private static readonly Warned Damaged = new(Reason.Text("the coordinator's record is damaged")), Unheard =
        new(Reason.Text("mail was not told of at-risk"));

    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-events-").FullName;
    private readonly List<NodeEvent> _owner = [];
    private readonly MetricsFeed _metrics = new(TimeProvider.System);
    private readonly NodeFeed _page = new(NodeRole.Coordinator, "", TimeProvider.System, new OriginPages(null));
    private readonly CoordinatorEvents _events;

    public CoordinatorEventsTests() => _events = new CoordinatorEvents(_owner.Add, _metrics);

    [Fact]
    public void What_was_said_before_its_page_is_there_is_on_it_too()
    {
        _events.Report(Damaged);
        _events.Open(_page);
        _events.Report(Unheard);

        Assert.Equal([Unheard, Damaged], _page.Current.Events.Select(line => line.Event));
        Assert.Equal([Damaged, Unheard], _owner);
        Assert.Equal(2, _metrics.State.Warnings);
    }

    [Fact]
    public void Without_a_page_the_others_are_told()
    {
        _events.Report(Damaged);
        _events.Open(null);
        _events.Report(Unheard);

        Assert.Equal([Damaged, Unheard], _owner);
    }

    [Fact]
    public async Task What_was_not_heard_is_put_down_and_shown_and_is_no_notice()
    {
        var heard = Path.Combine(_folder, "heard");
        await using (var journal = Journal.Open(new RecordPlace.Folder(Path.Combine(_folder, "record")),
            new Retention(TimeSpan.FromDays(1), 100), TimeProvider.System, said => Assert.Fail(said.ToString())))
        {
            await using (var notices = new NoticeDispatcher(new NoticeSettings(null, ["/bin/sh", "-c", $"cat >> {heard}"],
                Enum.GetValues<NoticeKind>().ToHashSet(), null, TimeSpan.FromSeconds(10), 1), TimeProvider.System,
                    said => Assert.Fail(said.ToString())))
            {
                (_events.Record, _events.Notices) = (journal, notices);
                _events.Open(_page);
                _events.ReportHere(Unheard);
                _events.Report(Damaged);
            }
            await journal.WriteAsync(new Core.History.SpeedsSeen(DateTimeOffset.UtcNow,
                new Dictionary<string, long>()));
            Assert.Equal([Damaged, Unheard], (await journal.EventsAsync(10)).Select(one => one.Event!));
        }

        Assert.Equal(2, _page.Current.Events.Length);
        var line = Assert.Single(await File.ReadAllLinesAsync(heard));
        Assert.Contains(Damaged.Message.ToString(), line, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _page.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
