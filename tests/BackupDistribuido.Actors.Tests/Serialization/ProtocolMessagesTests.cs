using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Serialization;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Actors.Tests.Coordination.Fixtures;
using BackupDistribuido.Actors.Tests.Remoting;
using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Runs;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Core.Wire;
using Xunit.Abstractions;

namespace BackupDistribuido.Actors.Tests.Serialization;

/// <summary>Every message between nodes, as the program's own table writes and reads it.</summary>
public sealed class ProtocolMessagesTests(ITestOutputHelper log) : IAsyncLifetime
{
    private static readonly RunId Run = RunId.Parse("0123456789abcdef");
    private readonly ActorSystem _system = RemotingConfig.Start(
        ControlEndpoint.ForNode(NodeAddress.Of(IPAddress.Loopback, 1), null), ProtocolMessages.Table,
            "akka { loggers = [], stdout-loglevel = off }");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private static IEnumerable<IWireMessage> All()
    {
        var (name, node) = (NodeName.Parse("a"), Samples.Node("a"));
        yield return new RegisterDestination(Samples.Destination("a",
            held: new HeldSnapshot(Samples.Origin, Samples.Snapshot)));
        yield return new RegisterDestination(Samples.Destination("a",
            held: new HeldSnapshot(Samples.Origin, Samples.Snapshot, long.MaxValue)));
        yield return new RegisterDestination(Samples.Destination("a", held: [
            new HeldSnapshot(Samples.Origin, Samples.Snapshot,
                Verified: new Verification.Sound(DateTimeOffset.UnixEpoch, 2)),
            new HeldSnapshot(Samples.Origin, Samples.Snapshot,
                Verified: new Verification.Damaged(DateTimeOffset.UnixEpoch, 2, "a ñ"))]));
        yield return new RegisterDestination(Samples.Destination("a") with
        {
            Rooms = [new OriginRoom(Samples.Origin,
            long.MaxValue, 0), new OriginRoom(name, null, null)]
        });
        yield return new DestinationRegistered(node);
        yield return new RegisterOrigin(Samples.OriginOf(2, isCounted: false));
        yield return new RegisterOrigin(Samples.OriginOf(2,
            run: new RunInProgress(Run, Samples.Snapshot, new Epoch(2), null)));
        yield return new RegisterOrigin(Samples.OriginOf(2,
            run: new RunInProgress(Run, Samples.Snapshot, new Epoch(2), Samples.Seal)));
        yield return new RegisterOrigin(Samples.OriginOf(2) with { MaxShrinkPercent = 50 });
        yield return new OriginRegistered(node, 2, 1, [Reason.Text("a: \"99\" bytes ñ")]);
        yield return new OriginRegistered(node, 2, 1, [], new HeldSnapshot(Samples.Origin, Samples.Snapshot, 7));
        yield return new RegistrationRefused(node, Reason.Text("why\n"));
        yield return new Leave(NodeRole.Origin, node);
        yield return new AskStatus();
        yield return new StatusAnswer(new ClusterStatus(
            [new NodeStatus(NodeRole.Destination, name, NodeAddress.Parse("[::1]:7"), DateTimeOffset.UnixEpoch, 5),
                new NodeStatus(NodeRole.Origin, name, null, DateTimeOffset.UnixEpoch, null)],
            [new RunStatus(Run, name, Samples.Snapshot, RunPhase.Waiting, 1, 2, 3, 4)],
                [new SnapshotStatus(name, Samples.Snapshot, 1, null)]));
        yield return new StatusAnswer(new ClusterStatus([], [],
            [new SnapshotStatus(name, Samples.Snapshot, 1, null,
                [new ReplicaHolder(name, null), new ReplicaHolder(name, DateTimeOffset.UnixEpoch)], Samples.Snapshot)],
            [new AbsentNode(name, NodeAddress.Parse("[::1]:7"), DateTimeOffset.UnixEpoch)]));
        yield return new StatusAnswer(new ClusterStatus(
            [new NodeStatus(NodeRole.Destination, name, null, DateTimeOffset.UnixEpoch, 5,
                Verified: new Verification.Damaged(DateTimeOffset.UnixEpoch, 1, "x"))], [],
            [new SnapshotStatus(name, Samples.Snapshot, 1, null,
                [new ReplicaHolder(name, null, new Verification.Sound(DateTimeOffset.UnixEpoch))])]));
        yield return new AskRuns(null, 20);
        yield return new RunsAnswer([
            new RunHistory(Run, name, Samples.Snapshot, 2, DateTimeOffset.UnixEpoch, null, null, 1)
            { Totals = default, Skipped = 0, Seconds = 0, Epochs = 1, Reason = Reason.None },
            new RunHistory(Run, name, Samples.Snapshot, 2, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
                RunOutcome.AtRisk, 1)
            {
                Totals = new TreeTotals(3, 2, 1),
                Skipped = 1,
                Seconds = 0.5,
                Epochs = 1,
                Reason = Reason.Text("why"),
            }], [Run], null);
        yield return new RunsAnswer([], [], Reason.Text("no record"));
        yield return new AskSnapshots(name, 20);
        yield return new AskSnapshots(null, 20, true, new CatalogueCursor(Samples.Snapshot, name));
        yield return new SnapshotsAnswer(
            [new SnapshotHistory(name, Samples.Snapshot, 2,
                [new ReplicaHolder(name, null, null, 3, DateTimeOffset.UnixEpoch)],
                new CatalogueTree(Samples.Seal.Digest, 3, 2, 1))], null,
            new SnapshotListing(new CatalogueCursor(Samples.Snapshot, name), [name], 7));
        yield return new AskCatalogue(7);
        yield return new CatalogueAnswer(node, new CataloguePage(true, 7, 8, 1,
            [new CatalogueEntry(name, Samples.Snapshot, null, new CatalogueTree())],
            [new RemovedSnapshot(name, Samples.Snapshot)]));
        yield return new SnapshotsAnswer([new SnapshotHistory(name, Samples.Snapshot, 2,
            [new ReplicaHolder(name, DateTimeOffset.UnixEpoch)])], null);
        yield return new PrepareReplica(Plan(1), "machine:/a b");
        yield return new PrepareReplica(Plan(1), "machine:/a b", Seal: Samples.Seal.Digest);
        yield return new TreeSealed(Run, Samples.Seal.Digest);
        yield return new Deliver(Plan(3));
        yield return new DeliveryReport(Run, new Epoch(1), [], default, null);
        yield return new DeliveryReport(Run, new Epoch(1), [new FailedLink(name, Reason.Text("reset"))],
            new TreeTotals(1, 2, long.MaxValue), Samples.Seal);
        yield return new ReplicaReport(Run, new Epoch(1), name, ReplicaPhase.Receiving, null, Reason.None, []);
        yield return new ReplicaReport(Run, new Epoch(1), name, ReplicaPhase.Stored, Samples.Seal.Digest, Reason.None,
            [new FailedLink(name, Reason.Text("x"))]);
        yield return new ReplicaReport(Run, new Epoch(1), name, ReplicaPhase.Stored, Samples.Seal.Digest, Reason.None,
            [])
        { Intake = new ReplicaIntake(12, 34, 56, 78, DateTimeOffset.UnixEpoch.AddDays(3)) };
        yield return new ReplicaHeard(Run);
        yield return new FilesVerified(Run, name, [new EntryRange(0, 3), new EntryRange(7, 7)]);
        yield return new RunReport(Run, new Epoch(1),
            [new MemberReport(name, MemberStanding.Away, Reason.Text("gone"), "disk")],
            null);
        yield return new RunReport(Run, new Epoch(1), [],
            new RunSummary(Run, Samples.Snapshot, RunOutcome.AtRisk, 1, 2, 1, new TreeTotals(1, 1, 1), 1)
            {
                Seconds = 0.25,
                Reason = Reason.Text("why"),
                Destinations = [new ReplicaResult(name, ReplicaState.Failed, Reason.Text("gone"), "disk")],
            });
        yield return new RunReport(Run, new Epoch(1),
            [new MemberReport(name, MemberStanding.Copying, Reason.None, "disk", 1,
                new CopyProgress(1, 2, MemberStanding.Copying, 0.5, 2))], null,
            new RunProgress(1, 4, false, 0.5, 6, 1, new RunWait([name], 24)));
        yield return new RunReport(Run, new Epoch(1), [],
            new RunSummary(Run, Samples.Snapshot, RunOutcome.Protected, 1, 1, 1, new TreeTotals(1, 1, 1), 0)
            {
                Seconds = 0.25,
                Reason = Reason.None,
                Destinations = [new ReplicaResult(name, ReplicaState.Stored, Reason.None, "disk",
                    Intake: new ReplicaIntake(1, 2, 3, 4, DateTimeOffset.UnixEpoch), Sent: 5)],
                Source = new SourceWork(1, new TreeChanges(Samples.Snapshot, 1, 2, 3, 4, 5), false),
            });
        yield return new RunEndHeard(Run);
        yield return new RunOver(Run, 3);
        yield return new AskFiles(Run, new FileQuery("a", true, 3, 4));
        yield return new AskSnapshotFiles(name, Samples.Snapshot, new FileQuery("", false, 0, 1));
        yield return new FilesAnswer(new FilePage(7, 1, [name], [new FileRow("a/b", 5, "1")]));
        yield return new FilesAnswer(FilePage.Without(Reason.Text("why")));
    }

    [Fact]
    public void Every_message_comes_back_as_it_was()
    {
        foreach (var message in All())
        {
            var serializer = Serializer(message);
            var bytes = serializer.ToBinary(message);
            var back = serializer.FromBinary(bytes, serializer.Manifest(message));

            Assert.IsType(message.GetType(), back);
            Assert.Equivalent(message, back, strict: true);
            Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(serializer.ToBinary(back)));
        }
    }

    [Fact]
    public void A_plan_keeps_its_secret_and_the_depth_of_a_long_chain()
    {
        var message = new Deliver(Plan(1000));
        var serializer = Serializer(message);

        var bytes = serializer.ToBinary(message);
        var plan = Assert.IsType<Deliver>(serializer.FromBinary(bytes, serializer.Manifest(message))).Plan;

        Assert.InRange(bytes.Length, 1, CarrierFrame.MaxMessage);
        Assert.Equal(message.Plan.Secret, plan.Secret);
        Assert.Equal(message.Plan.Receivers().Select(one => (one.Name, one.Data)),
            plan.Receivers().Select(one => (one.Name, one.Data)));
        Assert.Equal("chain", plan.Shape);
    }

    [Fact]
    public void What_a_thousand_destinations_hold_of_three_origins_fits_into_one_message_because_it_is_packed()
    {
        var names = Enumerable.Range(0, 1000).Select(number => NodeName.Parse($"machine-{number:0000}")).ToList();
        var status = new StatusAnswer(new ClusterStatus(
            [.. names.Select((name, number) =>
                new NodeStatus(NodeRole.Destination, name, NodeAddress.Parse($"10.0.{number >> 8}.{number & 255}:4054"),
                    DateTimeOffset.UnixEpoch.AddSeconds(number), 1L << (number % 40), Samples.Snapshot))], [],
            [.. Enumerable.Range(0, 3)
                .Select(origin =>
                    new SnapshotStatus(NodeName.Parse($"origin-{origin}"), Samples.Snapshot, names.Count, 2,
                        [.. names.Select(name => new ReplicaHolder(name, null))]))]));

        var bytes = Serializer(status).ToBinary(status);

        Assert.InRange(bytes.Length, 1, CarrierFrame.MaxMessage);
        Assert.InRange(PackedText.Unpack(bytes).Length, CarrierFrame.MaxMessage, PackedText.MaxLength);
        log.WriteLine($"measured: {PackedText.Unpack(bytes).Length} bytes, packed {bytes.Length}");
    }

    [Fact]
    public void The_table_has_every_message_of_the_program_once_and_the_samples_too()
    {
        var assemblies = new[] { typeof(IWireMessage).Assembly, typeof(RegisterDestination).Assembly };
        var types = assemblies.SelectMany(one => one.GetTypes())
            .Where(type => typeof(IWireMessage).IsAssignableFrom(type) && !type.IsAbstract).ToHashSet();
        var samples = All().ToList();

        Assert.Equal(types, samples.Select(message => message.GetType()).ToHashSet());
        Assert.Equal(types.Count, samples.Select(message => Serializer(message).Manifest(message)).Distinct().Count());
    }

    [Theory]
    [InlineData("System.Diagnostics.Process, System", "{}")]
    [InlineData("deliver2", "{}")]
    [InlineData("leave", "{\"role\":\"nobody\"}")]
    [InlineData("run-over", "{\"run\":\"../../etc\"}")]
    [InlineData("deliver", "{\"plan\":null}")]
    [InlineData("files-verified", "[")]
    public void What_is_foreign_or_malformed_is_refused(string manifest, string json) =>
        Assert.Throws<RefusedMessageException>(() => Serializer(new AskStatus())
            .FromBinary(Encoding.UTF8.GetBytes(json), manifest));

    [Fact]
    public void A_node_or_a_plan_of_before_that_says_nothing_of_its_links_speaks_version_1()
    {
        var speaks = LinkProfile.Newest;
        var destination = Samples.Destination("a") with { Links = speaks };
        var origin = Samples.OriginOf(2) with { Links = speaks };
        var plan = Plan(2);
        plan = plan with { Root = plan.Root.Speaking(speaks, _ => speaks) };

        Assert.Equal(speaks, AsBefore(new RegisterDestination(destination), "none").Registration.Links);
        Assert.Null(AsBefore(new RegisterDestination(destination), "links").Registration.Links);
        Assert.Null(AsBefore(new RegisterOrigin(origin), "links").Registration.Links);
        Assert.All(AsBefore(new Deliver(plan), "none").Plan.Receivers(), node => Assert.Equal(speaks, node.Speaks));
        Assert.All(AsBefore(new Deliver(plan), "link").Plan.Receivers(),
            node => Assert.Equal(LinkProfile.First, node.Speaks));
        Assert.All(AsBefore(new PrepareReplica(plan, "machine:/a"), "link").Plan.Receivers(),
            node => Assert.Equal(LinkProfile.First, node.Speaks));
    }

    /// <summary>The message as one reads it from a node that does not know a field.</summary>
    private T AsBefore<T>(T message, string field) where T : IWireMessage
    {
        var serializer = Serializer(message);
        var json = JsonNode.Parse(PackedText.Unpack(serializer.ToBinary(message)))!;
        Forget(json, field);
        return Assert.IsType<T>(serializer.FromBinary(Encoding.UTF8.GetBytes(json.ToJsonString()),
            serializer.Manifest(message)));
    }

    private static void Forget(JsonNode? json, string field)
    {
        if (json is JsonArray array)
        {
            foreach (var element in array) Forget(element, field);
        }
        if (json is not JsonObject fields) return;
        fields.Remove(field);
        foreach (var (_, value) in fields) Forget(value, field);
    }

    private static DeliveryPlan Plan(int depth)
    {
        PlanNode? chain = null;
        for (var i = depth; i > 0; i--)
            chain = new PlanNode(NodeName.Parse($"d{i}"), NodeAddress.Parse($"127.0.0.1:{i}"),
                chain is null ? [] : [chain]);
        return new DeliveryPlan(Run, Samples.Origin, Samples.Snapshot, new Epoch(1), LinkSecret.New(),
            new PlanNode(Samples.Origin, null, [chain!]));
    }

    private SerializerWithStringManifest Serializer(IWireMessage message) =>
        Assert.IsType<ProtocolSerializer>(_system.Serialization.FindSerializerFor(message));
}
