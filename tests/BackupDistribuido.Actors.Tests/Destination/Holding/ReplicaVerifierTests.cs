using System.Collections.Concurrent;
using BackupDistribuido.Actors.Destination.Holding;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;

namespace BackupDistribuido.Actors.Tests.Destination.Holding;

/// <summary>A destination that reads its replicas again, in a ROOT with one that was received over a link.</summary>
public sealed class ReplicaVerifierTests : IDisposable
{
    private static readonly byte[] Content = SampleFiles.Content(900_000, 1);

    private readonly HandLink _link = new(source => File.WriteAllBytes(Path.Combine(source, "big"), Content));
    private readonly ConcurrentQueue<NodeEvent> _said = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly OriginClaims _claims = new();
    private Task _keeping = Task.CompletedTask;

    public ReplicaVerifierTests()
    {
        Assert.True(_link.Run());
        _link.PublishAndCompare();
    }

    [Fact]
    public async Task What_is_asked_for_is_read_told_and_known_after_a_new_start()
    {
        var held = new HeldSnapshots(_link.Root);
        var verifier = Begin(held, every: null);
        Assert.Null(Assert.Single(held.Newest(9)).Verified);

        verifier.VerifyNow();
        await Until.TrueAsync(() => !_said.IsEmpty);

        var said = Assert.IsType<ReplicaVerified>(Assert.Single(_said));
        Assert.Equal((HandLink.Origin, HandLink.Id), (said.Origin, said.Snapshot));
        Assert.Equal(said.Found, Assert.Single(held.Newest(9)).Verified);
        Assert.Equal(said.Found, Assert.Single(new HeldSnapshots(_link.Root).Newest(9)).Verified);
        await Stop();
    }

    [Fact]
    public async Task Damage_is_told_with_its_path_and_stays_until_it_was_mended()
    {
        var held = new HeldSnapshots(_link.Root);
        var verifier = Begin(held, every: null);
        Write(0xFF);

        verifier.VerifyNow();
        await Until.TrueAsync(() => _said.Count == 1 && verifier.Current is null);
        Assert.Equal((1L, "big"),
            _said.TryPeek(out var told) && told is ReplicaDamaged damaged
                ? (damaged.Found.Entries, damaged.Found.First) : default);
        Assert.True(Assert.Single(held.Newest(9)).IsDamaged);
        Assert.True(Assert.Single(new HeldSnapshots(_link.Root).Newest(9)).IsDamaged);

        Write(Content[5000]);
        verifier.VerifyNow();
        await Until.TrueAsync(() => _said.Count == 2);
        Assert.IsType<ReplicaVerified>(_said.Last());
        Assert.False(Assert.Single(held.Newest(9)).IsDamaged);
        await Stop();
    }

    [Fact]
    public async Task What_is_due_is_read_by_itself_and_not_before()
    {
        var held = new HeldSnapshots(_link.Root);
        Begin(held, every: TimeSpan.FromSeconds(2));

        await Until.TrueAsync(() => _said.Count >= 2);
        await Stop();

        var times = _said.OfType<ReplicaVerified>().Select(one => one.Found.Time).ToList();
        Assert.All(times.Zip(times.Skip(1)),
            pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(2), $"{pair}"));
    }

    [Fact]
    public async Task While_a_run_is_received_it_goes_slowly_and_ends_in_the_middle_when_it_is_asked_to()
    {
        using var receiving = _claims.TryTake(Samples.Origin);
        var verifier = Begin(new HeldSnapshots(_link.Root), every: null);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();

        verifier.VerifyNow();
        await Until.TrueAsync(() => !_said.IsEmpty);
        // Four pieces of 256 KiB at most, a pause after each.
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromMilliseconds(350));

        verifier.VerifyNow();
        await Until.TrueAsync(() => verifier.Current is { Read: > 0 });
        await Stop();
        Assert.Single(_said);
    }

    [Fact]
    public async Task What_is_found_wrong_while_it_is_read_stays_until_it_was_read_once_more()
    {
        var older = Path.Combine(_link.Published, "big");
        _link.BeginNext(record: false);
        Assert.True(_link.Run());
        _link.PublishAndCompare();
        // The two have it in common.
        File.Delete(Path.Combine(_link.Published, "big"));
        using var shell = new TemporaryFolder();
        var inode = ulong.Parse(shell.Do($"ln {older} {_link.Published}/big; stat -c %i {older}"));
        var held = new HeldSnapshots(_link.Root);
        var damage = new DamageReports(_link.Root, held, _said.Enqueue, TimeProvider.System);
        // The time is asked for when all was read, and nothing of it is kept yet.
        var verifier = Begin(held, every: null, new OnceAsked(() =>
        {
            Write(0xFF);
            damage.Mark(HandLink.Origin, [new WrongFile(TreePath.FromBytes("big"u8), inode, EntryFault.OtherContent)]);
        }));

        verifier.VerifyNow();
        // Marked, read to its end for nothing, and read again; the older one all by itself.
        await Until.TrueAsync(() => _said.Count >= 3 && verifier.Current is null);
        await Stop();

        Assert.DoesNotContain(_said, one => one is ReplicaVerified);
        Assert.All(new[] { HandLink.Id, HandLink.Next },
            id => Assert.IsType<Verification.Damaged>(KeptVerification.Of(_link.Root.RealPath, HandLink.Origin,
                id)!.Verdict));
    }

    [Fact]
    public async Task What_is_found_wrong_again_while_it_is_read_is_no_news_and_stays_all_the_same()
    {
        var held = new HeldSnapshots(_link.Root);
        var damage = new DamageReports(_link.Root, held, _said.Enqueue, TimeProvider.System);
        using var shell = new TemporaryFolder();
        var wrong = new WrongFile(TreePath.FromBytes("big"u8),
            ulong.Parse(shell.Do($"stat -c %i {_link.Published}/big")), EntryFault.OtherContent);
        Write(0xFF);
        damage.Mark(HandLink.Origin, [wrong]);
        Write(Content[5000]);
        // It was mended, is read to its end, and is wrong again.
        var verifier = Begin(held, every: null, new OnceAsked(() =>
        {
            Write(0xFF);
            damage.Mark(HandLink.Origin, [wrong]);
        }), damage);

        verifier.VerifyNow();
        await Until.TrueAsync(() => _said.Count >= 2 && verifier.Current is null);
        await Stop();

        Assert.DoesNotContain(_said, one => one is ReplicaVerified);
        Assert.True(Assert.Single(held.Newest(9)).IsDamaged);
    }

    private ReplicaVerifier Begin(HeldSnapshots held, TimeSpan? every, TimeProvider? clock = null,
        DamageReports? damage = null)
    {
        damage ??= new DamageReports(_link.Root, held, _said.Enqueue, TimeProvider.System);
        var verifier = new ReplicaVerifier(_link.Root, held, _claims, damage, _said.Enqueue,
            clock ?? TimeProvider.System);
        _keeping = verifier.RunAsync(every, _stop.Token);
        return verifier;
    }

    private void Write(byte value)
    {
        using var file = File.OpenWrite(Path.Combine(_link.Published, "big"));
        file.Position = 5000;
        file.WriteByte(value);
    }

    private sealed class OnceAsked(Action first) : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Increment(ref _asked) == 1) first();
            return base.GetUtcNow();
        }
    }

    private async Task Stop()
    {
        await _stop.CancelAsync();
        await _keeping;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _keeping.Wait(HandCoordinator.Bound);
        _link.Dispose();
        _stop.Dispose();
    }
}
