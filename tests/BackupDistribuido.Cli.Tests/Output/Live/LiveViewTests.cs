using BackupDistribuido.Cli.Output.Live;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using Spectre.Console;

namespace BackupDistribuido.Cli.Tests.Output.Live;

public sealed class LiveViewTests
{
    [Fact]
    public void It_hides_the_cursor_restores_it_and_leaves_the_final_lines()
    {
        using var text = new StringWriter();
        using (var view = Start(text))
        {
            view.Show(Happenings.Started, Happenings.Time);
            view.Show(new EntrySkipped(Happenings.Path("pipe"), Omission.Vanished), Happenings.Time);
            view.Show(Happenings.Finished(disks: 1), Happenings.Time);
        }
        var written = text.ToString();
        Assert.Contains("\e[?25l", written, StringComparison.Ordinal);
        var end = written[(written.LastIndexOf("\e[?25h", StringComparison.Ordinal) + 6)..];
        Assert.DoesNotContain("\e[?25l", end, StringComparison.Ordinal);
        Assert.Contains("PROTECTED 2/2, 1 disk", end, StringComparison.Ordinal);
        Assert.Contains("skipped: pipe: it vanished while it was read", end, StringComparison.Ordinal);
        Assert.Contains("disk-a, disk-b are on one", end, StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_with_what_the_run_took()
    {
        using var text = new StringWriter();
        using (var view = Start(text))
            view.Show(new RunFinished(Happenings.Origin, Happenings.Worked()), Happenings.Time);
        Assert.Contains("disk-a: 12 received, 49,988 linked, last read 3 d ago; 1.0 KiB sent", text.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Only_files_and_progress_may_be_dropped()
    {
        using var text = new StringWriter();
        using var view = Start(text);
        Assert.True(view.MayDrop(new FileStored(Happenings.Path("a"), 1, 1)));
        Assert.True(view.MayDrop(Happenings.Progress(new Core.Delivery.Progress.RunProgress(0, 0, false), 0)));
        Assert.False(view.MayDrop(Happenings.Started));
    }

    [Fact]
    public void The_pages_address_is_printed_whole_and_once_however_narrow_the_terminal()
    {
        var url = $"http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:8080/?token={new string('k', 120)}";
        using var text = new LockedWriter();
        using (var view = Start(text))
        {
            view.Show(new PagesOpened(url), Happenings.Time);
            Assert.True(SpinWait.SpinUntil(() => text.ToString().Contains(url, StringComparison.Ordinal),
                TimeSpan.FromSeconds(15)));
            // Nothing of it goes with the pictures that come after it.
            var drawn = text.ToString().Length;
            Assert.True(SpinWait.SpinUntil(() => text.ToString().Length > drawn, TimeSpan.FromSeconds(15)));
        }

        var written = text.ToString();
        Assert.Equal(2, written.Split(url).Length);
        Assert.Contains($"page: {url}\e[K\n", written, StringComparison.Ordinal);
        Assert.Equal($"page: {url}", Hosting.Events.EventText.Describe(new PagesOpened(url)));
    }

    private static LiveView Start(StringWriter text)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height) = (80, 24);
        return LiveView.Start(console, new LiveModel(NodeRole.Origin, "bdist origin x"));
    }

    /// <summary>Read while it is written.</summary>
    private sealed class LockedWriter : StringWriter
    {
        private readonly Lock _gate = new();

        public override void Write(char value)
        {
            lock (_gate) base.Write(value);
        }

        public override void Write(string? value)
        {
            lock (_gate) base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_gate) base.Write(buffer, index, count);
        }

        public override string ToString()
        {
            lock (_gate) return base.ToString();
        }
    }
}
