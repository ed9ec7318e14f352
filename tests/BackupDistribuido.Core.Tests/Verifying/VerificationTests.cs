using System.Text;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Verifying;

public sealed class VerificationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Gen<DateTimeOffset> Time =
        Gen.Long[0, 4_000_000_000].Select(DateTimeOffset.FromUnixTimeSeconds);
    private static readonly Gen<string> Path =
        Gen.OneOf(Gen.String[1, 400], Trees.SampleTrees.Path.Select(path => path.ToString()));

    private static readonly Gen<Verification> Any = Gen.OneOf(
        Gen.Select(Time, Gen.Long[0, long.MaxValue],
            (time, unread) => (Verification)new Verification.Sound(time, unread)),
        Gen.Select(Time, Gen.Long[1, long.MaxValue], Path,
            (time, entries, first) => (Verification)new Verification.Damaged(time, entries, first)));

    [Fact]
    public void It_is_one_printable_line_of_bounded_length_that_is_read_as_it_was_written() =>
        Any.Sample(verification =>
    {
        var text = verification.ToString();

        Assert.Equal(verification, Verification.Parse(text));
        Assert.Equal(text, PathText.Display(text));
        Assert.InRange(text.Length, 1, 60 + Verification.MaxPath);
    });

    [Fact]
    public void A_report_is_read_as_it_was_written_and_fits_a_small_file() =>
        Gen.Select(Any,
            Gen.Select(Path, Gen.Enum<EntryFault>(),
                (path, fault) => new FaultyEntry(Verification.Shown(path), fault)).List[0, 40])
                    .Sample((verdict, first) =>
        {
            var text = new VerificationReport(verdict, verdict is Verification.Sound ? [] : first).Format();

            Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, VerificationReport.MaxBytes);
            Assert.True(VerificationReport.TryParse(text, out var read));
            Assert.Equal(verdict, read.Verdict);
            Assert.InRange(read.First.Count, 0, VerificationReport.MostNamed);
            Assert.Equal(first.Take(read.First.Count), read.First);
        });

    [Theory]
    [InlineData("")]
    [InlineData("sound")]
    [InlineData("sound 2026-11-24T12:00:00Z")]
    [InlineData("sound 2026-11-24T12:00:00Z -1")]
    [InlineData("sound 2026-11-24T12:00:00Z 01")]
    [InlineData("sound 2026-11-24T12:00:00Z 0 x")]
    [InlineData("sound 2026-11-24 0")]
    [InlineData("sound 2026-13-24T12:00:00Z 0")]
    [InlineData("Sound 2026-11-24T12:00:00Z 0")]
    [InlineData("damaged 2026-11-24T12:00:00Z 0 a")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1 ")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1 a\nb")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1 a\u001b[2J")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Verification.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Verification.Parse(text));
    }

    [Theory]
    [InlineData("sound 2026-11-24T12:00:00Z 0\nmissing a")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1 a\nlost a")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1 a\nmissing")]
    [InlineData("damaged 2026-11-24T12:00:00Z 1 a\n")]
    [InlineData("garbage")]
    public void So_is_a_report_that_says_something_else(string text) =>
        Assert.False(VerificationReport.TryParse(text, out _));

    [Fact]
    public void What_was_not_read_for_so_long_is_due()
    {
        var every = TimeSpan.FromDays(7);
        var id = SnapshotId.Parse("20261116T120000Z");
        Assert.True(VerificationRounds.IsDue(id, null, every, Noon));
        Assert.True(VerificationRounds.IsDue(id, new Verification.Sound(Noon.AddDays(-9)), every, Noon));
        Assert.True(VerificationRounds.IsDue(id, new Verification.Sound(Noon.AddDays(9)), every, Noon));
        Assert.False(VerificationRounds.IsDue(id, new Verification.Damaged(Noon.AddDays(-6), 1, "x"), every, Noon));
        Assert.False(VerificationRounds.IsDue(SnapshotId.Parse("20261119T120000Z"), null, every, Noon));
    }

    [Theory]
    [InlineData(null, "a b", 2, "a b")]
    [InlineData("1 a", "a", null, null)]
    [InlineData("1 a", "a b", 2, "a b")]
    [InlineData("2 a b", "c", 3, "a b c")]
    // Most were not named: nobody can tell which are new.
    [InlineData("9 a", "b", 9, "a b")]
    public void What_is_found_besides_is_added_to_what_is_known(string? known, string found, int? entries,
        string? named)
    {
        var before = known is null
            ? null : new VerificationReport(new Verification.Damaged(Noon, long.Parse(known.Split(' ')[0]), "a"),
                Faults(known[2..]));

        var report = VerificationReport.Joined(before, Faults(found), Noon.AddDays(1));

        Assert.Equal(entries is null ? null : new Verification.Damaged(Noon.AddDays(1), entries.Value, "a"),
            report?.Verdict);
        Assert.Equal(named, report is null ? null : string.Join(' ', report.First.Select(one => one.Path)));
        Assert.NotNull(VerificationReport.Joined(new VerificationReport(new Verification.Sound(Noon), []),
            Faults(found), Noon));
    }

    private static FaultyEntry[] Faults(string paths) =>
        [.. paths.Split(' ').Select(path => new FaultyEntry(path, EntryFault.OtherContent))];

    [Fact]
    public void Of_a_destination_damage_is_said_first_then_what_never_was_read_then_the_oldest()
    {
        var (recent, old) = (Held("recent", Noon), Held("old", Noon.AddDays(-8)));
        var damaged = Held("damaged", null) with { Verified = new Verification.Damaged(Noon, 1, "a") };

        Assert.Equal(damaged.Verified, NodeStatus.VerifiedOf([recent, Held("never", null), damaged]));
        Assert.Null(NodeStatus.VerifiedOf([recent, Held("never", null)]));
        Assert.Equal(old.Verified, NodeStatus.VerifiedOf([recent, old]));
        Assert.Null(NodeStatus.VerifiedOf([]));
    }

    [Fact]
    public void A_damaged_replica_is_no_copy_whether_its_destination_is_there_or_not()
    {
        var origin = NodeName.Parse("laptop");
        var remembered = new Remembered();
        remembered.Requires(origin, 2);
        remembered.Protected(origin, Snapshot);
        HeldSnapshot sound = new(origin, Snapshot, Digest: Sha256Digest.Of("tree"u8)), damaged =
            sound with { Verified = new Verification.Damaged(Noon, 3, "a") };

        Assert.True(Status(sound, sound) is { Copies: 2, IsProtected: true, Damaged: 0 });
        Assert.True(Status(sound, damaged) is
        {
            Copies: 1, IsProtected: false, Damaged: 1, NewestProtected: null,
            Holders.Count: 2
        });
        remembered.Left(At("cellar", damaged), Noon);
        Assert.True(Status(sound, sound) is { Copies: 2, IsProtected: true, Damaged: 1, Offline: 0 } beyond
            && beyond.NewestProtected == Snapshot);
        Assert.True(Status(damaged, damaged) is { Copies: 0, IsProtected: false, Damaged: 3 });
        Assert.True(Status(damaged with { Verified = new Verification.Sound(Noon) }, sound) is
        {
            Copies: 2,
            IsProtected: true
        });

        SnapshotStatus Status(HeldSnapshot a, HeldSnapshot b) =>
            Assert.Single(SnapshotStatus.Newest([At("a", a), At("b", b)], remembered, Noon));
    }

    private static readonly SnapshotId Snapshot = SnapshotId.Parse("20261116T120000Z");

    private static HeldSnapshot Held(string origin, DateTimeOffset? verified) =>
        new(NodeName.Parse(origin), Snapshot, Verified: verified is { } time ? new Verification.Sound(time) : null);

    private static DestinationRegistration At(string name, HeldSnapshot held) =>
        new(new NodeIdentity(NodeName.Parse(name), $"id-{name}", 1), NodeAddress.Parse("127.0.0.1:4054"), 1000, "disk",
            "place", [held], Epoch.None);
}
