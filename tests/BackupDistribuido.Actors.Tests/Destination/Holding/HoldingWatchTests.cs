using System.Collections.Concurrent;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Storage.Checking;

namespace BackupDistribuido.Actors.Tests.Destination.Holding;

/// <summary>A destination that looks whether what it says to have is there, in a ROOT with a replica that was received
/// over a link.</summary>
public sealed class HoldingWatchTests : IDisposable
{
    private readonly HandLink _link = new(source =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(source, "d")).FullName, "f"), "content"));
    private readonly TemporaryFolder _shell = new();
    private readonly ConcurrentQueue<NodeEvent> _said = new();
    private readonly ConcurrentQueue<object> _asked = new();
    private readonly HeldSnapshots _held;
    private readonly HoldingWatch _watch;

    public HoldingWatchTests()
    {
        Assert.True(_link.Run());
        _link.PublishAndCompare();
        (_held, _watch) = Begin();
    }

    private string Folder => Path.GetFullPath(Path.Combine(_link.Published, "../.."));

    private HeldSnapshot Newest => Assert.Single(_held.Newest(9));

    private HeldSnapshot Announced => Assert.Single(_held.Announced(9));

    private void Look(HoldingWatch? watch = null) =>
        Assert.True((watch ?? _watch).LookAsync(CancellationToken.None).Wait(HandCoordinator.Bound));

    private (HeldSnapshots, HoldingWatch) Begin()
    {
        var held = new HeldSnapshots(_link.Root);
        return (held,
            new HoldingWatch(_link.Root, held, new DamageReports(_link.Root, held, _said.Enqueue, TimeProvider.System),
                _said.Enqueue, TimeProvider.System, (origin, id) => _asked.Enqueue((origin, id))));
    }

    [Fact]
    public void What_is_there_and_is_read_and_copied_by_people_is_a_copy()
    {
        for (var look = 0; look < 3; look++)
        {
            Look();
            _shell.Do($"cp -a {_link.Published} copy{look}; ls -lR {_link.Published}");
        }
        Assert.Empty(_said);
        Assert.False(Newest.IsDamaged);
    }

    [Theory]
    [InlineData("rm -rf .")]
    [InlineData("rm -rf snapshots")]
    [InlineData("mv snapshots/$id away; ln -s ../away snapshots/$id")]
    public void What_is_gone_is_no_copy_from_the_next_look_on_and_can_be_sent_again(string loss)
    {
        Look();
        _shell.Run($"cd {Folder}; id={HandLink.Id}; {(loss == "rm -rf ." ? $"rm -rf {Folder}" : loss)}");

        Look();
        Look();

        Assert.Equal((true, true), (Newest.IsDamaged, Newest.IsGone));
        Assert.Equal($"snapshots/{HandLink.Id}", Assert.IsType<ReplicaDamaged>(Assert.Single(_said)).Found.First);
    }

    [Theory]
    [InlineData("rm manifests/$id.manifest", "manifests/$id.manifest")]
    [InlineData("truncate -s -10 manifests/$id.manifest", "manifests/$id.manifest")]
    [InlineData("rm manifests/$id.manifest; mkfifo manifests/$id.manifest", "manifests/$id.manifest")]
    [InlineData("rm manifests/$id.sha256", "manifests/$id.sha256")]
    public void What_lacks_its_manifest_is_damaged_now_and_after_a_new_start(string loss, string named)
    {
        Look();
        _shell.Do($"cd {Folder}; id={HandLink.Id}; {loss}");

        Look();
        Look();

        Assert.Equal(named.Replace("$id", HandLink.Id.ToString(), StringComparison.Ordinal),
            Assert.IsType<ReplicaDamaged>(Assert.Single(_said)).Found.First);
        Assert.Equal((true, false), (Newest.IsDamaged, Newest.IsGone));
        Assert.True(Assert.Single(Begin().Item1.Newest(9)).IsDamaged);
    }

    [Theory]
    [InlineData("rm -rf d", false)]
    [InlineData("rm -rf d", true)]
    [InlineData("touch stranger", true)]
    public async Task Where_a_name_came_or_went_all_names_are_looked_at_also_after_a_new_start(string change,
        bool isNewStart)
    {
        if (!isNewStart) Look();
        _shell.Do($"cd {_link.Published}; {change}");

        Look();
        await _watch.WalkedAsync(HandRun.Bound);

        Assert.IsType<ReplicaDamaged>(Assert.Single(_said));
        Assert.True(Newest.IsDamaged);
    }

    [Fact]
    public async Task What_changed_and_could_not_be_walked_is_walked_after_the_next_look()
    {
        var mark = HoldingCheck.At(_link.Root, HandLink.Origin, HandLink.Id, null, null).Mark;
        var watch = new HoldingWatch(_link.Root, _held,
            new DamageReports(_link.Root, _held, _said.Enqueue, TimeProvider.System), _said.Enqueue,
                TimeProvider.System,
            (_, _) => { })
        { At = (_, _, _) => new HoldingFound(HoldingState.Changed, null, mark) };
        _shell.Do($"rm -rf {_link.Published}/d; mv {Folder}/manifests {Folder}/away; touch {Folder}/manifests");

        for (var look = 0; look < 2; look++)
        {
            Look(watch);
            await watch.WalkedAsync(HandRun.Bound);
        }
        Assert.IsType<Warned>(Assert.Single(_said));
        Assert.False(Newest.IsDamaged);

        _shell.Do($"rm {Folder}/manifests; mv {Folder}/away {Folder}/manifests");
        Look(watch);
        await watch.WalkedAsync(HandRun.Bound);
        Assert.True(Newest.IsDamaged);
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_holds_no_copy_until_it_does_and_is_asked_once()
    {
        using var answers = new ManualResetEventSlim();
        var asked = 0;
        var watch = new HoldingWatch(_link.Root, _held,
            new DamageReports(_link.Root, _held, _said.Enqueue, TimeProvider.System), _said.Enqueue,
                TimeProvider.System,
            (origin, id) => _asked.Enqueue((origin, id)))
        {
            Patience = TimeSpan.FromMilliseconds(50),
            At = (one, mark, fromDisk) =>
            {
                Interlocked.Increment(ref asked);
                answers.Wait();
                return HoldingCheck.At(_link.Root, one.Origin, one.Snapshot, one.Digest, mark, fromDisk);
            },
        };

        Look(watch);
        Look(watch);
        Assert.Equal((true, true), (Announced.IsDamaged, Announced.IsSilent));
        // Nothing of it was found wrong: it can be read, and no run has to send it again.
        Assert.False(Newest.IsDamaged);
        Assert.IsType<Warned>(Assert.Single(_said));
        Assert.Equal(1, Volatile.Read(ref asked));

        answers.Set();
        await Until.TrueAsync(() =>
        {
            Look(watch);
            return !Announced.IsDamaged;
        });
        Assert.Empty(_asked);
        Assert.Null(Announced.Verified);
    }

    [Fact]
    public async Task What_is_not_walked_in_time_at_the_start_is_no_copy_until_it_was()
    {
        var walked = new TaskCompletionSource<ReplicaFinding?>();
        var mark = HoldingCheck.At(_link.Root, HandLink.Origin, HandLink.Id, null, null).Mark;
        var watch = new HoldingWatch(_link.Root, _held,
            new DamageReports(_link.Root, _held, _said.Enqueue, TimeProvider.System), _said.Enqueue,
                TimeProvider.System,
            (_, _) => { })
        {
            At = (_, _, _) => new HoldingFound(HoldingState.Changed, null, mark),
            Walk = (_, _, _) => walked.Task,
        };

        Look(watch);
        await watch.WalkedAsync(TimeSpan.Zero);
        Look(watch);
        Assert.Equal((true, true), (Announced.IsDamaged, Announced.IsSilent));

        walked.SetResult(null);
        await watch.WalkedAsync(HandRun.Bound);
        Assert.Null(Announced.Verified);
    }

    [Fact]
    public void What_somebody_has_put_back_is_read_before_it_counts()
    {
        Look();
        _shell.Do($"mv {_link.Published} {Folder}/away");
        Look();
        _shell.Do($"mv {Folder}/away {_link.Published}");
        Look();

        Assert.True(Newest.IsDamaged);
        Assert.Equal((HandLink.Origin, HandLink.Id), Assert.Single(_asked));
    }

    [Fact]
    public void Before_the_first_word_what_is_on_the_disk_is_looked_at()
    {
        _shell.Do($"rm {Folder}/manifests/{HandLink.Id}.manifest");
        var (held, watch) = Begin();

        Look(watch);

        Assert.True(Assert.Single(held.Newest(9)).IsDamaged);
    }

    public void Dispose()
    {
        _link.Dispose();
        _shell.Dispose();
    }
}
