using BackupDistribuido.Cli.Output.Live;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
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
        Assert.True(view.MayDrop(Happenings.Progress(new Core.Delivery.RunProgress(0, 0, false), 0)));
        Assert.False(view.MayDrop(Happenings.Started));
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
}
