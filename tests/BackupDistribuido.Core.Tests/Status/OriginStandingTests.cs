using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Core.Tests.Status;

/// <summary>What is said of an origin, over all combinations of what can be known of it.</summary>
public sealed class OriginStandingTests
{
    private static readonly NodeName Origin = NodeName.Parse("laptop");
    private static readonly SnapshotId First = SnapshotId.Parse("20261122T120000Z"), Second =
        SnapshotId.Parse("20261123T120000Z"), Third = SnapshotId.Parse("20261124T120000Z");
    private static readonly DateTimeOffset Before = new(2026, 11, 23, 11, 0, 0, TimeSpan.Zero), After =
        new(2026, 11, 24, 13, 0, 0, TimeSpan.Zero), Now = After.AddMinutes(3);

    private static readonly Dictionary<string, SnapshotStatus?> Snapshots = new()
    {
        ["none"] = null,
        ["stored"] = Of(2, 2, Here("nas"), Here("cellar")),
        ["offline"] = Of(2, 2, Gone("nas"), Gone("cellar")),
        ["damaged"] = Of(2, 2, Here("nas"), Here("cellar"),
            Here("attic") with { Verified = new Verification.Damaged(Before, 1, "a") }),
        ["few"] = Of(1, 2, Here("nas")),
        ["older"] = Of(1, 2, Here("nas")) with { NewestProtected = First },
        ["unsaid"] = Of(1, null, Here("nas")),
    };

    private static readonly Dictionary<string, PastRun?> Runs = new()
    {
        ["no-run"] = null,
        ["protected"] = Ended(PastOutcome.Protected, Second),
        ["protected-later"] = Ended(PastOutcome.Protected, Third),
        ["at-risk"] = Ended(PastOutcome.AtRisk, Second),
        ["at-risk-later"] = Ended(PastOutcome.AtRisk, Third),
        ["failed"] = Ended(PastOutcome.Failed, Second),
        ["failed-later"] = Ended(PastOutcome.Failed, Third),
        ["unheard"] = Ended(PastOutcome.Unknown, Second),
        ["unheard-later"] = Ended(PastOutcome.Unknown, Third),
        ["refused-before"] = PastRun.Refused(Before, 2, Reason.Text("SOURCE is empty"), First),
        ["refused"] = PastRun.Refused(After, 2, Reason.Text("SOURCE is empty"), Second),
        ["left-out"] = Ended(PastOutcome.Protected, Second) with { Skipped = 2 },
        ["missing"] = Ended(PastOutcome.Protected, Second) with { Missing = 1 },
        ["left-out-before"] = Ended(PastOutcome.Protected, First) with { Skipped = 2 },
        ["refused-of-old"] = PastRun.Refused(Before, 2, Reason.Text("SOURCE is empty"), null),
        ["refused-later"] = PastRun.Refused(After, 2, Reason.Text("SOURCE is empty"), null),
    };

    private static readonly RunPhase?[] Phases =
        [null, RunPhase.Copying, RunPhase.Protected, RunPhase.Waiting, RunPhase.Paused];

    /// <summary>A letter for each phase of a run: none, copying, protected, waiting, paused. P protected, O offline, D
    /// damaged, C copying, U unknown, N never ran, A at risk, F failed, R refused.</summary>
    public static TheoryData<string, string> Table => new()
    {
        // the newest snapshot: the last run, in the order above
        { "none", "NCAAA ACAAA ACAAA ACAAA ACAAA FCFFF FCFFF ACAAA ACAAA RCRRR RCRRR ACAAA ACAAA ACAAA RCRRR RCRRR" },
        { "stored", "PPPPP PPPPP ACAAA PPPPP ACAAA PPPPP FCFFF PPPPP UCUUU PPPPP RCRRR IIIII IIIII PPPPP PPPPP RCRRR" },
        { "offline",
            "OOOOO OOOOO ACAAA OOOOO ACAAA OOOOO FCFFF OOOOO UCUUU OOOOO RCRRR IIIII IIIII OOOOO OOOOO RCRRR" },
        { "damaged",
            "DDDDD DDDDD ACAAA DDDDD ACAAA DDDDD FCFFF DDDDD UCUUU DDDDD RCRRR IIIII IIIII DDDDD DDDDD RCRRR" },
        { "few", "ACAAA ACAAA ACAAA ACAAA ACAAA FCFFF FCFFF ACAAA ACAAA RCRRR RCRRR ACAAA ACAAA ACAAA RCRRR RCRRR" },
        { "older", "ACAAA ACAAA ACAAA ACAAA ACAAA FCFFF FCFFF ACAAA ACAAA RCRRR RCRRR ACAAA ACAAA ACAAA RCRRR RCRRR" },
        { "unsaid", "UCUUU UCUUU ACAAA ACAAA ACAAA FCFFF FCFFF UCUUU UCUUU RCRRR RCRRR UCUUU UCUUU UCUUU RCRRR RCRRR" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_combination_has_one_word(string snapshot, string expected) =>
        Assert.Equal(expected,
            string.Join(' ',
                Runs.Values.Select(last =>
                    string.Concat(Phases.Select(phase => Letter(Judged(Snapshots[snapshot], last, phase).Standing))))));

    [Fact]
    public void It_is_green_only_where_a_connected_copy_is_there_and_the_last_run_did_not_fail()
    {
        foreach (var one in All())
        {
            if (one.Light != Light.Green) continue;
            Assert.True(one.Newest is { IsProtected: true, IsOffline: false, Damaged: 0 });
            Assert.True(one.Last is null || one.Last.IsResolvedBy(one.Newest!.Snapshot));
        }
    }

    [Fact]
    public void Whatever_is_not_simply_protected_says_why()
    {
        foreach (var one in All())
        {
            if (one.Standing == Standing.Protected) continue;
            Assert.NotEmpty(one.Reasons);
            Assert.All(StandingWords.Sentences(one, Now, time => $"{(int)time.TotalMinutes} min"),
                sentence => Assert.NotEmpty(sentence));
            Assert.NotEqual("Everything is protected", StandingWords.Headline([one]));
        }
    }

    [Fact]
    public void The_exit_code_the_headline_and_the_word_say_the_same()
    {
        foreach (var one in All())
        {
            var status = new ClusterStatus([], one.Run is null ? [] : [one.Run], one.Newest is null ? [] : [one.Newest],
                Origins: [new OriginStatus(Origin, 2, one.Last)]);
            Assert.Equal((one.IsProtected, one.Standing), (status.IsAllProtected, status.Worst));
            Assert.Equal(one.Standing, Assert.Single(status.Standings).Standing);
            Assert.Equal(one.Light == Light.Green,
                StandingWords.Headline(status.Standings) == "Everything is protected");
            Assert.False(status.HasCopies(Origin, null) && !one.IsProtected);
        }
    }

    [Fact]
    public void A_snapshot_from_the_future_makes_no_failure_good()
    {
        var future = Snapshots["stored"]! with { Snapshot = SnapshotId.Parse("20991122T120000Z") };

        Assert.Equal(Light.Red, Judged(future, Runs["failed"], null).Light);
        Assert.Equal(Light.Red, Judged(future, Runs["refused"], null).Light);
        Assert.Equal(Light.Green, Judged(future, Runs["failed"]! with { Snapshot = future.Snapshot }, null).Light);
    }

    [Fact]
    public void A_failure_after_an_older_protected_snapshot_says_both()
    {
        var one = Judged(Snapshots["stored"], Runs["failed-later"], null);

        Assert.Equal(["last run failed 3 min ago (nobody came back)", "protected snapshot 1503 min old"],
            StandingWords.Sentences(one, Now, time => $"{(int)time.TotalMinutes} min"));
        Assert.Equal((Light.Red, Second, "Failed: laptop"),
            (one.Light, one.ProtectedSnapshot, StandingWords.Headline([one])));
    }

    [Fact]
    public void Where_nobody_has_what_the_last_run_protected_an_older_protected_snapshot_is_no_success()
    {
        var one = Judged(Snapshots["stored"], Runs["protected-later"], null);

        Assert.Equal(["no destination has the snapshot that the last run protected", "protected snapshot 1503 min old"],
            StandingWords.Sentences(one, Now, time => $"{(int)time.TotalMinutes} min"));
        Assert.Equal((Light.Red, Second, "At risk: laptop", false),
            (one.Light, one.ProtectedSnapshot, StandingWords.Headline([one]), one.IsProtected));
    }

    [Fact]
    public void The_worst_of_several_origins_makes_the_headline()
    {
        var status = new ClusterStatus([], [],
            [Snapshots["stored"]!, Snapshots["offline"]! with { Origin = NodeName.Parse("db") },
                Snapshots["few"]! with { Origin = NodeName.Parse("mail") }],
            Origins: [new OriginStatus(NodeName.Parse("new"), 1),
                new OriginStatus(NodeName.Parse("old"), 1, Runs["at-risk"])]);

        Assert.Equal(["db offline", "laptop protected", "mail at-risk", "new never-ran", "old at-risk"],
            status.Standings.Select(one => $"{one.Origin} {StandingWords.Code(one.Standing)}"));
        Assert.Equal(("At risk: 2 of 5 origins", false),
            (StandingWords.Headline(status.Standings), status.IsAllProtected));
    }

    [Fact]
    public void Of_two_snapshots_that_claim_to_be_the_newest_the_worse_one_counts() =>
        Assert.Equal(Standing.AtRisk,
            OriginStanding.Of(Origin, [Snapshots["stored"]!, Snapshots["few"]!], null, null).Standing);

    [Fact]
    public void Of_too_many_origins_those_that_did_not_succeed_are_told()
    {
        var known = Enumerable.Range(0, 5)
            .Select(number =>
                new KnownOrigin(NodeName.Parse($"o{number}"), 1, null,
                    Last: number == 4 ? Runs["failed"] : Runs["protected"]));

        Assert.Equal(["o4", "o0"], OriginStatus.Of(known, Now, 2).Select(one => one.Name.ToString()));
    }

    [Fact]
    public void What_a_run_left_out_is_no_plain_success_anywhere()
    {
        var one = Judged(Snapshots["stored"], Runs["left-out"]! with { Missing = 1 }, null);

        Assert.Equal((Light.Amber, true, "Protected, entries left out: laptop"),
            (one.Light, one.IsProtected, StandingWords.Headline([one])));
        Assert.Equal(["2 entries of the tree not in the snapshot", "1 entry missing in a copy"],
            StandingWords.Sentences(one, Now, time => "?"));
        Assert.Equal((ExitCode.Incomplete, ExitCode.AtRisk, ExitCode.Success),
            (RunExit.Of(one.Standing), RunExit.Of(Standing.NeverRan), RunExit.Of(Standing.Offline)));
    }

    [Fact]
    public void A_copy_that_says_what_it_lacks_is_no_plain_success_whoever_brought_it()
    {
        var lacking = Of(2, 2, Here("nas") with { Missing = 0 }, Here("stick") with { Missing = 20 });
        var whole = Of(2, 2, Here("nas") with { Missing = 0 }, Here("cellar") with { Missing = 0 });

        var caughtUp = Judged(lacking, Runs["at-risk"], null);
        Assert.Equal((Standing.Incomplete, Light.Amber, ExitCode.Incomplete),
            (caughtUp.Standing, caughtUp.Light, RunExit.Of(caughtUp.Standing)));
        Assert.Equal(["20 entries missing in a copy"], StandingWords.Sentences(caughtUp, Now, time => "?"));
        Assert.Equal(Standing.Incomplete, Judged(lacking, null, null).Standing);

        // Who has it now says more than what a run has left behind; of who does not say it that is all that is known.
        Assert.Equal(Standing.Protected, Judged(whole, Runs["missing"], null).Standing);
        Assert.Equal(Standing.Incomplete,
            Judged(Of(2, 2, Here("nas") with { Missing = 0 }, Here("old")), Runs["missing"],
            null).Standing);
        Assert.Equal(Standing.Incomplete, Judged(whole, Runs["left-out"], null).Standing);
    }

    [Fact]
    public void One_of_which_no_run_ever_began_is_shown_for_a_day()
    {
        var mistyped = new KnownOrigin(Origin, 1, null, Seen: Now);
        KnownOrigin[] known = [mistyped, mistyped with { Name = NodeName.Parse("ran"), Last = Runs["failed"] }];

        Assert.Equal(["laptop", "ran"], Names(Now + KnownOrigin.ShownUnrun));
        Assert.Equal(["ran"], Names(Now + KnownOrigin.ShownUnrun + TimeSpan.FromSeconds(1)));
        // While it is connected it is there all the same.
        var here = new ClusterStatus([new NodeStatus(NodeRole.Origin, Origin, null, Now, null, Required: 1)], [], [],
            Origins: []);
        Assert.Equal(Standing.NeverRan, here.Worst);

        IEnumerable<string> Names(DateTimeOffset now) =>
            OriginStatus.Of(known, now).Select(one => one.Name.ToString()).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<OriginStanding> All() =>
        Snapshots.Values.SelectMany(snapshot =>
            Runs.Values.SelectMany(last => Phases.Select(phase => Judged(snapshot, last, phase))));

    private static OriginStanding Judged(SnapshotStatus? snapshot, PastRun? last, RunPhase? phase) =>
        OriginStanding.Of(Origin, snapshot is null ? [] : [snapshot], last,
        phase is { } one ? new RunStatus(RunId.Parse("5f0c2d9e8b7a6143"), Origin, Third, one, 0, 2, 0, 0) : null);

    private static char Letter(Standing standing) =>
        standing switch { Standing.NeverRan => 'N', _ => standing.ToString()[0] };

    private static PastRun Ended(PastOutcome outcome, SnapshotId snapshot) =>
        new(After, outcome, snapshot, 0, 2, Reason.Text(outcome == PastOutcome.Failed ? "nobody came back" : ""));

    private static SnapshotStatus Of(int copies, int? required, params ReplicaHolder[] holders) =>
        new(Origin, Second, copies, required, holders);

    private static ReplicaHolder Here(string name) => new(NodeName.Parse(name), null);

    private static ReplicaHolder Gone(string name) => new(NodeName.Parse(name), Before);
}
