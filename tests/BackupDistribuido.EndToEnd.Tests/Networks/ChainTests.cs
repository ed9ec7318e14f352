using System.Globalization;
using System.Text.Json;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Networks;

/// <summary>
/// A chain of four destinations over links of 200 Mbit/s that loses one or two, a link or its coordinator in the middle
/// of a run: the others end with a copy, what they have stored is not sent again, by the origin neither, and they go on
/// soon after the loss is known.
/// </summary>
[Collection(Alone.Name)]
[Trait("Category", Alone.Name)]
[Trait("Length", "long")]
public sealed class ChainTests(ITestOutputHelper log) : IDisposable
{
    private const int Mebibytes = 128;

    // What was on its way when a link ended is sent again: the queues of the nodes and sockets between, and the file
    // that was cut.
    private const long OnTheWay = 40L * 1024 * 1024;

    // The tree's bytes, with 5 % for frames of all layers.
    private const long Once = (long)(1.05 * (Mebibytes * 1024L * 1024 + 2_000_000));
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Bdist _bdist = new(log);
    private readonly List<BdistProcess> _chain = [];
    private Hosts? _hosts;
    private BdistProcess _coordinator = null!;
    private BdistProcess _origin = null!;

    [SkippableFact]
    public async Task Where_every_link_goes_at_the_pace_of_the_wire_nobody_is_set_apart_and_the_tree_is_sent_once()
    {
        // Who is slow is judged by five seconds: the tree takes eleven.
        var source = await CopyingToFour(copies: 4, rate: "100mbit");
        Assert.Equal(0, await _origin.Exit());
        foreach (var one in Enumerable.Range(0, 4)) IsFaithful(one, source);
        var more = _hosts!.Sent(1) - Once;
        Note("sent by the origin beyond the tree", more);
        Assert.InRange(more, long.MinValue, 0);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0, 2)]
    public async Task Whoever_is_killed_costs_the_others_a_pause_and_nothing_that_they_have(params int[] victims)
    {
        var source = await CopyingToFour(copies: 4 - victims.Length);
        foreach (var victim in victims) _chain[victim].Signal(PosixSignal.Kill);
        await ProtectedWithout(source, victims);
    }

    [SkippableFact]
    public async Task One_whose_disk_gets_full_in_the_middle_fails_for_that_and_the_others_go_on()
    {
        HostsUp();
        // As long as nobody fills it, there is room for the tree.
        _bdist.Folder.Do("mkdir d1; mount -t tmpfs -o size=300m none d1");
        var source = await CopyingToFour();
        _bdist.Folder.Run("head -c 400M /dev/zero > d1/fill");
        await ProtectedWithout(source, 1);
        Assert.Contains("No space left on device",
            _origin.All("destination-lost").Single().GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_coordinator_that_is_killed_and_started_again_costs_nobody_what_he_has()
    {
        var source = await CopyingToFour(copies: 4);
        _coordinator.Signal(PosixSignal.Kill);
        await StartCoordinator();
        await ProtectedWithout(source);
    }

    [SkippableFact]
    public async Task One_that_freezes_in_the_middle_is_left_out()
    {
        var source = await CopyingToFour();
        _chain[1].Signal(PosixSignal.Stop);
        await ProtectedWithout(source, 1);
    }

    [SkippableFact]
    public async Task One_that_is_cut_off_in_the_middle_is_left_out()
    {
        var source = await CopyingToFour();
        _hosts!.Cut(Host(1));
        await ProtectedWithout(source, 1);
    }

    [SkippableFact]
    public async Task A_link_that_carries_nothing_upwards_is_gone_round_and_nobody_is_lost()
    {
        var source = await CopyingToFour(copies: 4);
        _hosts!.CutOneWay(Host(2), Host(1));
        Assert.Equal(0, await _origin.Exit());
        Assert.Empty(_origin.All("destination-lost"));
        foreach (var one in Enumerable.Range(0, 4)) IsFaithful(one, source);
        Note("sent again at most", Enumerable.Range(0, 4).Max(Again));
    }

    [SkippableFact]
    public async Task One_in_the_middle_whose_link_becomes_slow_gets_its_copy_after_the_others()
    {
        var source = await CopyingToFour();
        _hosts!.Slow(Host(1), "24mbit");
        foreach (var other in new[] { 0, 2, 3 }) await _chain[other].Next("replica-stored");
        Assert.Empty(_chain[1].All("replica-stored"));
        Assert.Equal(0, await _origin.Exit());
        Assert.Empty(_origin.All("destination-lost"));
        foreach (var one in Enumerable.Range(0, 4)) IsFaithful(one, source);
        Note("sent again at most", Enumerable.Range(0, 4).Max(Again));
    }

    public void Dispose()
    {
        _bdist.Folder.Run("umount --lazy d1");
        _bdist.Dispose();
        _hosts?.Dispose();
    }

    private static int Host(int place) => 2 + place;

    private void HostsUp(string rate = "200mbit") => _hosts ??= Hosts.Up(6, rate);

    /// <summary>A run that has brought the last of the chain a third of the tree; the source.</summary>
    private async Task<string> CopyingToFour(int copies = 3, string rate = "200mbit")
    {
        HostsUp(rate);
        var source = _bdist.Folder.LargeTree(Mebibytes);
        await StartCoordinator();
        for (var place = 0; place < 4; place++)
        {
            var name = $"d{place}";
            _chain.Add(Start(Host(place), "destination", "--root", _bdist.Folder[name], "--name", name, "--coordinator",
                Hosts.Address(0), "--listen", $"{Hosts.Address(Host(place))}:4054"));
            await _chain[place].Next("connected");
        }
        _origin =
            Start(1, "origin", source, "--name", "tree", "--coordinator", Hosts.Address(0), "--copies", $"{copies}");
        await _origin.Next("run-started", one => one.GetProperty("topology").GetString() == "chain");
        for (var large = 0; large < Mebibytes / 16 / 3; large++)
            await _chain[3]
                .Next("file-stored",
                    one => one.GetProperty("path").GetString()!.StartsWith("big", StringComparison.Ordinal));
        return source;
    }

    private async Task StartCoordinator()
    {
        _coordinator = Start(0, "coordinator", "--listen", $"{Hosts.Address(0)}:4053");
        await _coordinator.Next("listening");
    }

    private BdistProcess Start(int host, params string[] arguments) =>
        _bdist.StartAs([.. _hosts!.On(host), Path.Combine(Bdist.Program, "bdist")], [.. arguments, "--insecure"]);

    private async Task ProtectedWithout(string source, params int[] victims)
    {
        var hit = DateTimeOffset.UtcNow;
        var lost = victims.Length == 0 ? hit : Time(await _origin.Next("destination-lost"));
        Assert.Equal(0, await _origin.Exit());
        Assert.Equal(victims.Select(victim => $"d{victim}"),
            _origin.All("destination-lost").Select(one => one.GetProperty("destination").GetString()!)
                .Order(StringComparer.Ordinal));
        foreach (var one in Enumerable.Range(0, 4).Except(victims))
        {
            IsFaithful(one, source);
            var next = _chain[one].All("file-stored").Concat(_chain[one].All("replica-stored")).Select(Time)
                .Where(time => time > lost).DefaultIfEmpty(lost).Min();
            _bdist.Note(string.Create(CultureInfo.InvariantCulture,
                $"measured: known after {(lost - hit).TotalSeconds:0.00} s; d{one} has its next file "
                + $"{(next - lost).TotalSeconds:0.00} s later; sent again: {Again(one) / 1e6:0.0} MB"));
            Assert.InRange(next - lost, TimeSpan.Zero, Pause);
            Assert.InRange(Again(one), long.MinValue, OnTheWay);
        }
        var read = _hosts!.Sent(1) - Once;
        Note("sent again by the origin", read);
        Assert.InRange(read, long.MinValue, OnTheWay);
    }

    private void IsFaithful(int one, string source) =>
        new Replica(_bdist.Folder, _bdist.Folder[$"d{one}"], "tree").IsFaithfulTo(source);

    /// <summary>Bytes that came to a destination beyond the tree once.</summary>
    private long Again(int one) => _hosts!.Received(Host(one)) - Once;

    private static DateTimeOffset Time(JsonElement happened) => happened.GetProperty("time").GetDateTimeOffset();

    private void Note(string what, long bytes) =>
        _bdist.Note(string.Create(CultureInfo.InvariantCulture, $"measured: {what}: {bytes / 1e6:0.0} MB"));
}
