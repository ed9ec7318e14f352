using System.Net.Sockets;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Checking;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests.Findings;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Tests.Staging;

namespace BackupDistribuido.Storage.Tests.Checking;

public sealed class ReplicaCheckTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly SnapshotId Later = SnapshotId.After(CopyOfATree.First, CopyOfATree.First.Time);

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly DestinationRoot _root;
    private long _read;

    public ReplicaCheckTests()
    {
        _folder.Do("""
            mkdir -p source/sub/deep source/empty
            echo one > source/one; echo two > source/sub/two; : > source/sub/nothing; head -c 700000 /dev/urandom > source/sub/deep/large
            ln -s sub/two source/link; ln source/one source/sub/other-name; ln -s x source/sub/a-link; ln source/sub/a-link source/sub/b-link; mkfifo source/pipe
            truncate -s 1M source/sparse; echo odd > $'source/\xff\xfe'
            """);
        _socket.Bind(new UnixDomainSocketEndPoint(_folder["source/socket"]));
        _root = CopyOfATree.OpenRoot(_folder["root"]);
    }

    private string Published => $"root/{CopyOfATree.Origin}/snapshots/{CopyOfATree.First}";

    private string Manifests => $"root/{CopyOfATree.Origin}/manifests";

    public void Dispose()
    {
        _socket.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_sound_replica_is_found_sound_and_all_of_its_content_was_read()
    {
        CopyOfATree.Copy(_folder["source"], _root);

        Assert.Equal(new Verification.Sound(Noon), (await Check()).Verdict);
        // A file with two names was read once.
        Assert.Equal(700_000 + (1 << 20) + 4 + 4 + 4, _read);
    }

    [Fact]
    public async Task So_is_one_whose_files_are_shared_with_other_snapshots()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do($"cp -al root/{CopyOfATree.Origin}/snapshots/{CopyOfATree.First} shared");

        Assert.IsType<Verification.Sound>((await Check()).Verdict);
    }

    [Theory]
    [InlineData("printf X | dd of=sub/deep/large bs=1 seek=400000 conv=notrunc status=none", "content sub/deep/large")]
    [InlineData("printf X | dd of=sparse bs=1 seek=77 conv=notrunc status=none", "content sparse")]
    [InlineData("printf X | dd of=one bs=1 conv=notrunc status=none", "content one", "content sub/other-name")]
    [InlineData("truncate -s 3 sub/two", "size sub/two")]
    [InlineData("echo more >> sub/nothing", "size sub/nothing")]
    [InlineData("rm sub/two", "missing sub/two")]
    [InlineData("rm -r sub/deep", "missing sub/deep", "missing sub/deep/large")]
    [InlineData("echo new > extra", "extra extra")]
    [InlineData("mkdir -p more/below; ln -s x more/below/link", "extra more", "extra more/below",
        "extra more/below/link")]
    [InlineData("rm one; mkdir one", "kind one")]
    [InlineData("rm sub/two; ln -s ../one sub/two", "kind sub/two")]
    [InlineData("rm -r sub/deep; echo > sub/deep", "kind sub/deep", "missing sub/deep/large")]
    [InlineData("ln -sfn elsewhere link", "content link")]
    [InlineData("rm pipe; echo > pipe", "kind pipe")]
    [InlineData("rm socket", "missing socket")]
    [InlineData("mv sub/two sub/three", "extra sub/three", "missing sub/two")]
    [InlineData("rm $'\\xff\\xfe'", "missing %FF%FE")]
    [InlineData("rm sub/b-link; ln -s y sub/b-link", "content sub/b-link")]
    public async Task Damage_is_found_and_named(string damage, params string[] faults)
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do($"cd {Published}; {damage}");

        var report = await Check();

        Assert.Equal(faults, report.First.Select(entry => $"{EntryFaults.Spell(entry.Fault)} {entry.Path}"));
        Assert.Equal(new Verification.Damaged(Noon, faults.Length, report.First[0].Path), report.Verdict);
    }

    [Theory]
    [InlineData("sed -i 's/^\\(f .*\\) one$/\\1 ona/' $id.manifest", "content")]
    [InlineData("head -n -1 $id.manifest > cut; mv cut $id.manifest", "content")]
    [InlineData("rm $id.manifest", "missing")]
    [InlineData("rm $id.manifest; mkfifo $id.manifest", "unreadable")]
    [InlineData("echo nonsense > $id.shortfall", "content")]
    public async Task A_replica_whose_manifest_is_not_what_was_sealed_is_damaged(string damage, string fault)
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do($"cd {Manifests}; id={CopyOfATree.First}; {damage}");

        var report = await Check();

        Assert.IsType<Verification.Damaged>(report.Verdict);
        Assert.Contains(report.First,
            entry =>
                entry.Path == $"manifests/{CopyOfATree.First}.manifest" && EntryFaults.Spell(entry.Fault) == fault);
    }

    [Fact]
    public async Task However_much_is_wrong_so_many_are_named_and_all_are_counted()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do($"cd {Published}; for i in {{1..3000}}; do : > extra-$i; done");

        var report = await Check();

        Assert.Equal(3000, Assert.IsType<Verification.Damaged>(report.Verdict).Entries);
        Assert.Equal(VerificationReport.MostNamed, report.First.Count);
        Assert.True(VerificationReport.TryParse(report.Format(), out _));
    }

    [Fact]
    public async Task Hard_links_far_behind_their_first_name_are_found_again()
    {
        _folder.Do(
            "mkdir -p many/z; for i in {1..2500}; do echo $i > many/f$i; done; for i in 1 700 1024 1025 2047 2048 "
            + "2500; do ln many/f$i many/z/f$i; done");
        CopyOfATree.Copy(_folder["many"], _root);
        Assert.IsType<Verification.Sound>((await Check()).Verdict);

        _folder.Do($"cd {Published}; rm z/f1025; echo other > z/f1025; rm z/f2500");
        Assert.Equal(["size z/f1025", "missing z/f2500"],
            (await Check()).First.Select(entry => $"{EntryFaults.Spell(entry.Fault)} {entry.Path}"));
    }

    [Fact]
    public async Task A_link_in_place_of_a_directory_leads_nowhere()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do(
            $"mkdir outside; mv {Published}/sub/* outside/; rmdir {Published}/sub; ln -s {_folder["outside"]} "
            + $"{Published}/sub");

        var report = await Check();

        Assert.Equal("kind sub", $"{EntryFaults.Spell(report.First[0].Fault)} {report.First[0].Path}");
        Assert.All(report.First.Skip(1), entry => Assert.Equal(EntryFault.Missing, entry.Fault));
    }

    [Fact]
    public async Task What_was_found_is_kept_and_goes_with_the_snapshot()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do($"rm {Published}/one");
        var report = await Check();
        ReplicaCheck.Keep(_root, CopyOfATree.Origin, CopyOfATree.First, report);

        Assert.Equal(report.Format(),
            KeptVerification.Of(_folder["root"], CopyOfATree.Origin, CopyOfATree.First)!.Format());
        Assert.Equal(report.Verdict, StoredSnapshots.Newest(_root)[CopyOfATree.Origin].Verified);
        Assert.Equal($"{report.Format()}\n", File.ReadAllText(_folder[$"{Manifests}/{CopyOfATree.First}.verified"]));

        ReplicaCheck.Keep(_root, CopyOfATree.Origin, CopyOfATree.First,
            new VerificationReport(new Verification.Sound(Noon), []));
        Assert.Equal(new Verification.Sound(Noon), StoredSnapshots.Newest(_root)[CopyOfATree.Origin].Verified);

        CopyOfATree.Copy(_folder["source"], _root, Later);
        using (var origin = OriginReplicas.Open(_root, CopyOfATree.Origin, $"machine:{_folder["source"]}"))
        {
            Assert.Equal(new Verification.Sound(Noon), origin.Verified(CopyOfATree.First));
            Assert.Null(origin.Verified(Later));
            origin.Prune(1, Later);
        }
        Assert.Equal([$"{Later}.intake", $"{Later}.manifest", $"{Later}.sha256"],
            Directory.GetFiles(_folder[Manifests]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("echo nonsense > $id.verified")]
    [InlineData(": > $id.verified")]
    [InlineData("ln -s /etc/passwd $id.verified")]
    [InlineData("mkdir $id.verified")]
    public void What_can_not_be_read_of_it_may_have_named_damage(string scribble)
    {
        CopyOfATree.Copy(_folder["source"], _root);
        _folder.Do($"cd {Manifests}; id={CopyOfATree.First}; {scribble}");

        Assert.IsType<Verification.Damaged>(StoredSnapshots.Newest(_root)[CopyOfATree.Origin].Verified);
    }

    [Fact]
    public void What_is_left_of_a_snapshot_that_went_by_hand_stays_for_when_it_is_back()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        ReplicaCheck.Keep(_root, CopyOfATree.Origin, CopyOfATree.First,
            new VerificationReport(new Verification.Sound(Noon), []));
        _folder.Do($"rm -r {Published}");

        OriginReplicas.Open(_root, CopyOfATree.Origin, $"machine:{_folder["source"]}").Dispose();

        // Whether it was removed or moved away nobody can tell.
        Assert.Equal(4, Directory.GetFiles(_folder[Manifests]).Length);
    }

    [Fact]
    public async Task Of_a_snapshot_that_goes_while_it_is_read_nothing_is_said()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        CopyOfATree.Copy(_folder["source"], _root, Later);
        using var origin = OriginReplicas.Open(_root, CopyOfATree.Origin, $"machine:{_folder["source"]}");

        var report = await ReplicaCheck.RunAsync(_root, CopyOfATree.Origin, CopyOfATree.First,
            _ => origin.Prune(1, Later), () => Noon, default);

        Assert.Null(report);
        Assert.Null(await ReplicaCheck.RunAsync(_root, CopyOfATree.Origin, CopyOfATree.First, _ => { }, () => Noon,
            default));
        ReplicaCheck.Keep(_root, CopyOfATree.Origin, CopyOfATree.First,
            new VerificationReport(new Verification.Sound(Noon), []));
        Assert.Null(KeptVerification.Of(_folder["root"], CopyOfATree.Origin, CopyOfATree.First));
    }

    [Fact]
    public async Task It_ends_when_it_is_asked_to()
    {
        CopyOfATree.Copy(_folder["source"], _root);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ReplicaCheck.RunAsync(_root, CopyOfATree.Origin, CopyOfATree.First, _ => stop.Cancel(), () => Noon,
                stop.Token));

        Assert.Null(StoredSnapshots.Newest(_root)[CopyOfATree.Origin].Verified);
    }

    private async Task<VerificationReport> Check() =>
        (await ReplicaCheck.RunAsync(_root, CopyOfATree.Origin, CopyOfATree.First, bytes => _read += bytes, () => Noon,
            default))!.Report;
}
