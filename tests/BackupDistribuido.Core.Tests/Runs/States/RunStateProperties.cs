using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs.States;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Runs.States;

/// <summary>Messages are lost, repeated and reordered; what they say in the end must not depend on that.</summary>
public sealed class RunStateProperties
{
    private static readonly NodeName[] Names = [.. "abcd".Select(name => NodeName.Parse(name.ToString()))];
    private static readonly NodeAddress Address = NodeAddress.Parse("127.0.0.1:4054");
    private static readonly SealedTree Seal = new(Sha256Digest.Of("tree"u8), default, 0);
    private static readonly Sha256Digest Other = Sha256Digest.Of("another"u8);

    private enum Fact { Stored, OtherDigest, Failed, Lost }

    private static readonly Gen<(NodeName Name, Fact Fact)> AnyFact = Gen.Select(Gen.OneOf(Names), Gen.Enum<Fact>());

    private static readonly Gen<(NodeName Name, Fact Fact)[]> Facts = AnyFact.Array[0, 12];

    [Fact]
    public void Any_order_of_the_same_final_facts_however_often_told_ends_the_same() =>
        Gen.Select(Facts, Gen.Int, Gen.Int[1, 3]).Sample((facts, seed, times) =>
        {
            var again = Enumerable.Repeat(facts, times).SelectMany(all => all).ToArray();
            new Random(seed).Shuffle(again);

            return Standings(facts).SequenceEqual(Standings(again));
        });

    [Fact]
    public void Copies_are_exactly_those_who_said_the_sealed_digest() =>
        Facts.Sample(facts => Tell(facts).Copies == facts.Where(fact => fact.Fact == Fact.Stored)
            .Select(fact => fact.Name).Distinct().Count());

    private static readonly Gen<(NodeName? BackWithout, Func<RunState, RunState> Next)> Event = Gen.Select(
        Gen.OneOf(Names), Gen.Int[0, 7], Gen.Int[0, 2], (name, kind, age) =>
            (kind == 0 && age == 0 ? name : (NodeName?)null, (Func<RunState, RunState>)(state => kind switch
    {
        0 => state.Joined(name, Address, "disk", holds: age > 0),
        1 => state.Prepared(name, Back(state, age)),
        2 => state.LinkFailed(NodeName.Parse("o"), name, Back(state, age), Reason.Text("reset")),
        3 => state.Lost(name, Reason.Text("gone")),
        4 => state.NextEpoch(),
        6 => state.Publishing(name),
        5 => state.Stored(name, age == 0 ? Other : Seal.Digest),
        _ => state.Failed(name, Reason.Text("disk")),
    })));

    [Fact]
    public void Through_any_life_copies_shrink_only_by_who_comes_back_without_and_misses_are_at_most_one_an_epoch() =>
        Event.Array[0, 60].Sample(events =>
        {
            var (state, start) = (Begun(), Begun().Epoch.Number);
            foreach (var (without, next) in events)
            {
                var copies = state.Copies;
                var isLost = without is { } name && state.Member(name) is { Standing: MemberStanding.Stored };
                state = next(state);
                if (isLost) Assert.Equal(copies - 1, state.Copies);
                else Assert.True(state.Copies >= copies);
                Assert.Equal(state.IsQuiet,
                    state.Members.Values.All(member => member.Standing is MemberStanding.Stored or MemberStanding.Away
                        or MemberStanding.Failed));
                Assert.All(state.Members.Values,
                    member => Assert.InRange(member.Misses.Values.Sum(), 0, state.Epoch.Number - start + 1));
            }
        });

    private static Epoch Back(RunState state, int age) => new(Math.Max(0, state.Epoch.Number - age));

    private static IEnumerable<MemberStanding> Standings(IEnumerable<(NodeName Name, Fact Fact)> facts) =>
        Tell(facts).Members.Values.Select(member => member.Standing);

    private static RunState Tell(IEnumerable<(NodeName Name, Fact Fact)> facts) =>
        facts.Aggregate(Begun(), (state, told) => told.Fact switch
    {
        Fact.Stored => state.Stored(told.Name, Seal.Digest),
        Fact.OtherDigest => state.Stored(told.Name, Other),
        Fact.Failed => state.Failed(told.Name, Reason.Text("disk")),
        _ => state.Lost(told.Name, Reason.Text("gone")),
    });

    private static RunState Begun() => Names.Aggregate(
        RunState.Begin(RunId.New(), NodeName.Parse("o"), SnapshotId.Parse("20261122T163305Z"), 2, Epoch.None),
        (state, name) => state.Joined(name, Address, "disk")).Sealed(Seal).NextEpoch();
}
