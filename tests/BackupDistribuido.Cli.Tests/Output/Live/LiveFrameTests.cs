using BackupDistribuido.Cli.Output.Live;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using Spectre.Console;

namespace BackupDistribuido.Cli.Tests.Output.Live;

public sealed class LiveFrameTests
{
    [Theory]
    [InlineData(80, 24)]
    [InlineData(40, 15)]
    [InlineData(30, 8)]
    public void A_frame_fits_its_terminal(int width, int height)
    {
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            var lines = Lines(Busy(role), width, height);
            Assert.InRange(lines.Count, 3, height - 1);
            Assert.All(lines, line => Assert.InRange(line.GetCellWidth(), 0, width));
        }
    }

    [Fact]
    public void An_origin_sees_counts_members_progress_and_files()
    {
        var lines = Lines(Busy(NodeRole.Origin), 80, 24);
        Assert.Equal("bdist origin nas-photos", lines[0]);
        Assert.Contains("Destinations: 2/2 connected", lines);
        Assert.Contains(lines,
            line => line.StartsWith("  ✓ disk-a", StringComparison.Ordinal)
                && line.EndsWith("stored (1/2)", StringComparison.Ordinal));
        Assert.Contains(lines,
            line => line.StartsWith("  ✗ disk-b", StringComparison.Ordinal)
                && line.EndsWith("lost: connection closed", StringComparison.Ordinal));
        Assert.Contains(lines,
            line => line.EndsWith("  50%", StringComparison.Ordinal)
                && line.Contains("██░░", StringComparison.Ordinal));
        Assert.Contains("1.0 GiB of 2.0 GiB safe: 2 copies of 1.0 GiB, 1,000 files", lines);
        Assert.Contains("51.2 MiB/s, 10 s left", lines);
        Assert.Contains("! skipped: pipe: it vanished while it was read", lines);
        Assert.Contains("  2× dir/file-99", lines);
    }

    [Fact]
    public void Each_destination_that_copies_has_a_bar_where_there_is_room()
    {
        var model = new LiveModel(NodeRole.Origin, "bdist origin x");
        model.Apply(Happenings.Started, Happenings.Time);
        model.Apply(Happenings.Progress(new RunProgress(1250, 2000, false), 1000,
            (Happenings.A, 250, MemberStanding.Copying), (Happenings.B, 1000, MemberStanding.Publishing)),
                Happenings.Time);

        Assert.Contains("  ● disk-a               ████░░░░░░░░░░░░  25% copying", Lines(model, 80, 24));
        // What is not durable is not there.
        Assert.Contains("  ● disk-b               ████████████████  99% making it durable", Lines(model, 80, 24));
        Assert.Contains("  ● disk-a        copying", Lines(model, 40, 15));

        model.Apply(new ReplicaCounted(Happenings.A, Happenings.Snapshot, 1, 2), Happenings.Time);
        Assert.Contains("  ✓ disk-a               stored (1/2)", Lines(model, 80, 24));
    }

    [Fact]
    public void A_warning_is_told_to_its_end_where_there_is_room()
    {
        var model = new LiveModel(NodeRole.Origin, "bdist origin x");
        model.Apply(
            new Warned(
                Reason.Text("office-nas, usb-disk are on the disk of SOURCE; they do not protect against its loss")),
            Happenings.Time);
        for (var i = 0; i < 30; i++) model.Apply(new FileStored(Happenings.Path($"f{i}"), 1, 1), Happenings.Time);

        var lines = Lines(model, 80, 24);
        var at = lines.IndexOf("! warning: office-nas, usb-disk are on the disk of SOURCE; they do not protect");
        Assert.Equal("  against its loss", lines[at + 1]);
        // Where there is none, it is cut, and says so.
        Assert.Contains(Lines(model, 40, 6), line => line.EndsWith('…'));
    }

    [Fact]
    public void A_coordinator_sees_what_happened_the_newest_first()
    {
        var model = new LiveModel(NodeRole.Coordinator, "bdist coordinator");
        model.Apply(new NodeJoined(NodeRole.Destination, Happenings.A, 1), Happenings.Time);
        model.Apply(Happenings.Progress(new RunProgress(0, 0, false), 0), Happenings.Time);
        model.Apply(new NodeLeft(NodeRole.Destination, Happenings.A, Reason.Text("it is not heard any more"), 0),
            Happenings.Time.AddSeconds(5));

        var lines = Lines(model, 100, 24);
        var first = lines.IndexOf("Last events");
        Assert.EndsWith(" left: destination disk-a: it is not heard any more; 0 destinations connected",
            lines[first + 1], StringComparison.Ordinal);
        Assert.EndsWith(" joined: destination disk-a; 1 destination connected", lines[first + 2],
            StringComparison.Ordinal);
        Assert.Equal(first + 3, lines.Count);
    }

    [Fact]
    public void A_coordinator_has_a_bar_for_each_destination_of_each_run_and_none_for_all()
    {
        var model = new LiveModel(NodeRole.Coordinator, "bdist coordinator");
        model.Apply(Happenings.Started with { Destinations = [Happenings.A] }, Happenings.Time);
        model.Apply(Happenings.Started with { Run = RunId.Parse("fedcba9876543210"), Destinations = [Happenings.B] },
            Happenings.Time);
        foreach (var (name, bytes) in new[] { (Happenings.A, 250), (Happenings.B, 500) })
            model.Apply(Happenings.Progress(new RunProgress(bytes, 2000, false), 1000,
                (name, bytes, MemberStanding.Copying)), Happenings.Time);

        Assert.Equal(2, Lines(model, 80, 24).Count(line => line.Contains('░')));
        Assert.Contains("  ● disk-a               ████░░░░░░░░░░░░  25% copying", Lines(model, 80, 24));
        Assert.Contains("  ● disk-b               ████████░░░░░░░░  50% copying", Lines(model, 80, 24));
    }

    [Fact]
    public void A_coordinator_sees_how_far_each_run_is_how_fast_and_how_long_it_will_take()
    {
        var model = new LiveModel(NodeRole.Coordinator, "bdist coordinator");
        var other = RunId.Parse("fedcba9876543210");
        model.Apply(Happenings.Started, Happenings.Time);
        model.Apply(Happenings.Started with { Run = other, Origin = NodeName.Parse("mail") }, Happenings.Time);
        Assert.Contains("nas-photos 20261122T163305Z: beginning", Lines(model, 80, 24));

        model.Apply(Happenings.Progress(new RunProgress(570, 1000, false, 30 << 20, 10), 500), Happenings.Time);
        model.Apply(Happenings.Progress(new RunProgress(0, 1000, false), 500) with { Run = other }, Happenings.Time);
        Assert.Contains("nas-photos 20261122T163305Z: 57 %, 30.0 MiB/s, 10 s left", Lines(model, 80, 24));
        Assert.Contains("mail 20261122T163305Z: 0 %, speed —, time left —", Lines(model, 80, 24));

        model.Apply(Happenings.Finished(), Happenings.Time.AddSeconds(11));
        Assert.DoesNotContain(Lines(model, 80, 24), line => line.StartsWith("nas-photos", StringComparison.Ordinal));
    }

    [Fact]
    public void An_origin_says_whom_it_waits_for_and_how_long()
    {
        var model = new LiveModel(NodeRole.Origin, "bdist origin x");
        model.Apply(Happenings.Started, Happenings.Time);
        model.Apply(Happenings.Progress(new RunProgress(1900, 2000, false, Wait: new RunWait([Happenings.B], 24)), 1000,
            (Happenings.A, 1000, MemberStanding.Stored)), Happenings.Time);

        var lines = Lines(model, 80, 24);
        Assert.Contains("waits for disk-b, 24 s left", lines);
        Assert.Contains("waiting: nas-photos 20261122T163305Z", lines);
        Assert.DoesNotContain(lines,
            line => line.Contains("durable", StringComparison.Ordinal)
                || line.StartsWith("copying", StringComparison.Ordinal));

        model.Apply(Happenings.Progress(new RunProgress(1999, 2000, false), 1000,
            (Happenings.A, 1000, MemberStanding.Stored), (Happenings.B, 1000, MemberStanding.Publishing)),
                Happenings.Time);
        Assert.Contains("waiting until it is durable at disk-b", Lines(model, 80, 24));
    }

    [Fact]
    public void What_is_protected_is_at_100_percent_though_another_one_copies()
    {
        var model = new LiveModel(NodeRole.Origin, "bdist origin x");
        model.Apply(Happenings.Started, Happenings.Time);
        model.Apply(Happenings.Progress(new RunProgress(2000, 2000, true), 1000,
            (Happenings.A, 1000, MemberStanding.Stored), (Happenings.B, 900, MemberStanding.Copying)), Happenings.Time);
        model.Apply(new SnapshotProtected(Happenings.Origin, Happenings.Snapshot, 2, 2), Happenings.Time);

        var lines = Lines(model, 80, 24);
        Assert.Contains(lines, line => line.EndsWith(" 100%", StringComparison.Ordinal));
        Assert.Contains("the required copies are stored; disk-b is still copying", lines);
    }

    [Fact]
    public void Another_plan_leaves_what_is_stored_and_another_run_begins_anew()
    {
        var model = new LiveModel(NodeRole.Coordinator, "bdist coordinator");
        model.Apply(Happenings.Started, Happenings.Time);
        model.Apply(new ReplicaCounted(Happenings.A, Happenings.Snapshot, 1, 2), Happenings.Time);
        model.Apply(Happenings.Started with { Epoch = new Epoch(2) }, Happenings.Time);
        Assert.Contains(Lines(model, 80, 24), line => line.StartsWith("  ✓ disk-a", StringComparison.Ordinal));

        model.Apply(Happenings.Started with { Run = RunId.Parse("fedcba9876543210") }, Happenings.Time);
        Assert.Contains(Lines(model, 80, 24),
            line => line.StartsWith("  ● disk-a", StringComparison.Ordinal)
                && line.EndsWith("copying", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "  ○ nas-photos (origin)  left")]
    [InlineData(false, "  ✗ nas-photos (origin)  lost: it is not heard any more")]
    public void Who_took_its_leave_is_no_loss(bool tookLeave, string line)
    {
        var model = new LiveModel(NodeRole.Coordinator, "bdist coordinator");
        model.Apply(new NodeLeft(NodeRole.Origin, Happenings.Origin, Reason.Text("it is not heard any more"), 0,
            tookLeave),
            Happenings.Time);
        Assert.Contains(line, Lines(model, 80, 24));
    }

    [Fact]
    public void A_waiting_origin_says_so()
    {
        var model = new LiveModel(NodeRole.Origin, "bdist origin x");
        model.Apply(new DestinationsChanged(1, 1, 2), Happenings.Time);
        Assert.Equal(["bdist origin x", "Destinations: 1/2 connected", "waiting for destinations"],
            Lines(model, 80, 24));
    }

    [Fact]
    public void A_destination_sees_what_it_receives()
    {
        var model = Busy(NodeRole.Destination);
        model.Apply(new ReceptionProgress(Happenings.Origin, Happenings.Snapshot, Happenings.Run,
            new CopyProgress(500, 1000, MemberStanding.Copying, 100, 5)), Happenings.Time);
        var lines = Lines(model, 80, 24);
        Assert.Contains("nas-photos 20261122T163305Z", lines);
        Assert.Contains(lines, line => line.EndsWith("  50%", StringComparison.Ordinal));
        Assert.Contains("50 %, 500 B of 1000 B, 100 B/s, 5.0 s left", lines);
        Assert.Contains("received intact since it began: 100 files, 97.7 KiB", lines);
        Assert.Contains("  dir/file-99", lines);

        model.Apply(new ReceptionEnded(Happenings.Origin, Happenings.Snapshot, Happenings.Run, null), Happenings.Time);
        Assert.DoesNotContain(Lines(model, 80, 24), line => line.EndsWith("  50%", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_members_are_counted()
    {
        var model = new LiveModel(NodeRole.Coordinator, "bdist coordinator");
        for (var i = 0; i < 1000; i++)
            model.Apply(new NodeJoined(NodeRole.Destination, NodeName.Parse($"d{i:000}"), i + 1), Happenings.Time);
        var lines = Lines(model, 80, 24);
        Assert.Contains("1,000 destinations connected", lines);
        Assert.Single(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^  and [0-9]+ more nodes$"));
    }

    [Fact]
    public void A_long_path_shows_its_end()
    {
        var model = new LiveModel(NodeRole.Origin, "t");
        model.Apply(new FileStored(Happenings.Path(new string('d', 200) + "/last.txt"), 1, 1), Happenings.Time);
        Assert.EndsWith("d/last.txt", Lines(model, 40, 15)[^1], StringComparison.Ordinal);
    }

    internal static LiveModel Busy(NodeRole role)
    {
        var model = new LiveModel(role, "bdist origin nas-photos");
        model.Apply(new Connected(NodeAddress.Parse("127.0.0.1:4053")), Happenings.Time);
        if (role != NodeRole.Destination)
        {
            model.Apply(new DestinationsChanged(2, 2, 2), Happenings.Time);
            model.Apply(Happenings.Started, Happenings.Time);
            model.Apply(Happenings.Progress(new RunProgress(1L << 30, 1L << 31, false, 51.2 * (1 << 20), 10), 1 << 30),
                Happenings.Time.AddSeconds(10));
            model.Apply(new ReplicaCounted(Happenings.A, Happenings.Snapshot, 1, 2), Happenings.Time);
            model.Apply(new DestinationLost(Happenings.B, Reason.Text("connection closed")), Happenings.Time);
            model.Apply(new EntrySkipped(Happenings.Path("pipe"), Omission.Vanished), Happenings.Time);
        }
        for (var i = 0; i < 100; i++)
            model.Apply(new FileStored(Happenings.Path($"dir/file-{i}"), 1000, 2), Happenings.Time);
        return model;
    }

    [Fact]
    public void What_another_node_says_moves_no_cursor()
    {
        var model = new LiveModel(NodeRole.Origin, "bdist");
        model.Apply(new DestinationLost(Happenings.B, Reason.Text("\u001b[2J")), Happenings.Time);
        model.Apply(new Warned(Reason.Text("\u001b[2J")), Happenings.Time);

        var lines = Lines(model, 80, 24);

        Assert.Equal(2, lines.Count(line => line.Contains("%1B[2J", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    private static List<string> Lines(LiveModel model, int width, int height)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text)
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(LiveFrame.Of(model, width, height));
        return [.. text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
