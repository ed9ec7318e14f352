using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Tests.Output;

public sealed class PlainViewTests
{
    public static TheoryData<NodeEvent, string> Sentences => new()
    {
        { new DestinationsChanged(1, 1, 2), "destinations: 1/2 connected" },
        { new DestinationsChanged(2, 1, 2), "destinations: 2/2 connected, 1 able to hold the tree" },
        { Happenings.Started,
            "run 0123456789abcdef of nas-photos: snapshot 20261122T163305Z, epoch 1, star to disk-a, disk-b" },
        { new FileStored(Happenings.Path("a/\xFF"), 1536, 1), "stored: a/%FF (1.5 KiB, 1 copy)" },
        { new FileStored(Happenings.Path("a"), 10, 2), "stored: a (10 B, 2 copies)" },
        { new DestinationLost(Happenings.A, Reason.Text("silent for 6 s")),
            "lost: destination disk-a: silent for 6 s" },
        { new EntrySkipped(Happenings.Path("p"), Omission.Unreadable), "skipped: p: it can't be read" },
        { new ReplicaCounted(Happenings.A, Happenings.Snapshot, 1, 2), "replica stored at disk-a: 1/2" },
        { new SnapshotProtected(Happenings.Origin, Happenings.Snapshot, 2, 2),
            "protected: nas-photos 20261122T163305Z, 2/2" },
        { new ReplicaResumed(Happenings.Origin, Happenings.Snapshot, new TreeTotals(3, 2, 2048)),
            "resumed: nas-photos 20261122T163305Z, 2 files, 2.0 KiB are there" },
        { new ReplicaPublished(Happenings.Origin, Happenings.Snapshot, new TreeTotals(3, 50_000, 2048), "/r/x"),
            "replica stored: nas-photos 20261122T163305Z, 50,000 files, 2.0 KiB, in /r/x" },
        { new ReplicaVerified(Happenings.Origin, Happenings.Snapshot, new Verification.Sound(Happenings.Time)),
            "verified: nas-photos 20261122T163305Z, everything is right" },
        { new ReplicaVerified(Happenings.Origin, Happenings.Snapshot, new Verification.Sound(Happenings.Time, 2)),
            "verified: nas-photos 20261122T163305Z, everything is right; 2 entries can't be read by this user" },
        { new ReplicaVerified(Happenings.Origin, Happenings.Snapshot, new Verification.Sound(Happenings.Time),
            Happenings.A), "sound again: nas-photos 20261122T163305Z at disk-a; it counts as a copy" },
        { new ReplicaDamaged(Happenings.Origin, Happenings.Snapshot, Happenings.Damage),
            "DAMAGED: nas-photos 20261122T163305Z, 3 entries not as the manifest says, such as a/b c; it no "
            + "longer counts as a copy: run the origin again to send wrong content again, and check this disk" },
        { new ReplicaDamaged(Happenings.Origin, Happenings.Snapshot, Happenings.Damage, Happenings.A),
            "DAMAGED at disk-a: nas-photos 20261122T163305Z, 3 entries not as the manifest says, such as a/b c; it "
            + "no longer counts as a copy: run the origin again, and check that disk" },
        { new NodeJoined(NodeRole.Destination, Happenings.A, 2),
            "joined: destination disk-a; 2 destinations connected" },
        { new NodeJoined(NodeRole.Origin, Happenings.Origin, 2), "joined: origin nas-photos" },
        { new SnapshotAtRisk(Happenings.Origin, Happenings.Snapshot, 1, 2),
            "at risk: nas-photos 20261122T163305Z, 1/2, and no run is under way" },
        { new SnapshotTooOld(Happenings.Origin, Happenings.Snapshot, TimeSpan.FromHours(72)),
            "too old: the newest protected snapshot of nas-photos, 20261122T163305Z, is 3 days old" },
        { new NodeLeft(NodeRole.Destination, Happenings.A, Reason.Text("stopped"), 1),
            "left: destination disk-a: stopped; 1 destination connected" },
        { new Disconnected(NodeAddress.Parse("127.0.0.1:4053"), Reason.Text("refused")),
            "no coordinator at 127.0.0.1:4053: refused; still trying" },
        { new Warned(Reason.Text("careful")), "warning: careful" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Every_event_is_a_sentence_in_every_culture(NodeEvent happened, string sentence)
    {
        foreach (var culture in new[] { "", "tr-TR", "es-ES" })
            Assert.Equal(sentence, JsonViewTests.InCulture(culture, () => EventText.Describe(happened)));
    }

    [Fact]
    public void A_line_begins_with_the_time() =>
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warning: two lines\n$", Written(false, new Warned(Reason.Text("two\nlines"))));

    [Fact]
    public void What_another_node_says_moves_no_cursor() =>
        Assert.EndsWith("%1B[2Jgpj%E2%80%AEexe\n",
            Written(false, new DestinationLost(Happenings.A, Reason.Text("\u001b[2Jgpj\u202Eexe"))),
                StringComparison.Ordinal);

    [Fact]
    public void Single_files_are_written_only_on_demand()
    {
        var file = new FileStored(Happenings.Path("a"), 1, 1);
        Assert.False(new PlainView(TextWriter.Null, files: false).Shows(file));
        Assert.True(new PlainView(TextWriter.Null, files: true).Shows(file));
    }

    [Fact]
    public void The_end_names_the_disk_that_copies_share() =>
        Assert.Equal(
            ["PROTECTED 2/2, 1 disk: snapshot 20261122T163305Z, 10 files, 1.5 MiB in 1 min 15 s",
                "disk-a, disk-b are on one disk; they do not protect against its loss"],
            WithoutTime(Written(false, Happenings.Finished(disks: 1))));

    [Fact]
    public void The_end_says_what_has_changed_and_what_each_destination_received_and_had() =>
        Assert.Equal(
            [
                "files: 1 new, 2 changed, 3 metadata only, 4 unchanged, 5 removed, since 20261121T163305Z; 7.0 KiB "
                + "read",
                "disk-a: 12 received, 49,988 linked, last read 3 d ago; 1.0 KiB sent",
                "disk-b: 12 received, 12 linked, last read at an unknown time; 5.0 KiB sent",
            ],
            WithoutTime(Written(false, new RunFinished(Happenings.Origin, Happenings.Worked()))).Skip(1));

    [Fact]
    public void The_end_names_who_failed_and_why() =>
        Assert.Equal(
            ["AT RISK 1/2: snapshot 20261122T163305Z, 10 files, 1.5 MiB in 1 min 15 s, 1 entry skipped (nobody came "
                + "back)", "failed: destination disk-b: connection closed"],
            WithoutTime(Written(false,
                Happenings.Finished(RunOutcome.AtRisk, 1, skipped: 1, state: ReplicaState.Failed,
                    reason: "nobody came back"))));

    [Fact]
    public void Skipped_entries_are_named_up_to_a_bound()
    {
        NodeEvent[] events = [.. Enumerable.Range(0, SkippedList.Max + 7)
            .Select(_ => new EntrySkipped(Happenings.Path("p"), Omission.Vanished)), Happenings.Finished()];
        var lines = WithoutTime(Written(false, events));
        Assert.Equal(SkippedList.Max, lines.Count(line => line.StartsWith("skipped: p", StringComparison.Ordinal)));
        Assert.Equal("skipped: and 7 more; see the log", lines[^1]);
    }

    private static List<string> WithoutTime(string text) =>
        [.. text.TrimEnd('\n').Split('\n').Select(line => line["2026-11-22 16:33:05 ".Length..])];

    private static string Written(bool files, params NodeEvent[] events)
    {
        using var text = new StringWriter();
        using var view = new PlainView(text, files);
        foreach (var happened in events) view.Show(happened, Happenings.Time);
        return text.ToString();
    }
}
