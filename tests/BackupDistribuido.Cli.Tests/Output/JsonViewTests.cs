using System.Globalization;
using System.Text.Json;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Cli.Tests.Output;

public sealed class JsonViewTests
{
    private const string Time = "\"time\":\"2026-11-22T16:33:05.120Z\"}\n";

    public static TheoryData<NodeRole, NodeEvent, string> Lines => new()
    {
        { NodeRole.Origin, new DestinationsChanged(1, 1, 2),
            "{\"event\":\"destinations\",\"connected\":1,\"required\":2," },
        { NodeRole.Origin, Happenings.Started,
            "{\"event\":\"run-started\",\"run\":\"0123456789abcdef\",\"snapshot\":\"20261122T163305Z\",\"epoch\":1,\"topology\":\"star\"," },
        { NodeRole.Origin, new FileStored(Happenings.Path("a/b c"), 5, 2),
            "{\"event\":\"file-stored\",\"path\":\"a/b c\",\"copies\":2," },
        { NodeRole.Origin, new FileStored(Happenings.Path("a/\xC3\xB1"), 5, 1),
            "{\"event\":\"file-stored\",\"path\":\"a/ñ\",\"copies\":1," },
        { NodeRole.Origin, new FileStored(Happenings.Path("a/\xFF\n"), 5, 2),
            "{\"event\":\"file-stored\",\"path\":\"a/%FF%0A\",\"copies\":2,\"encoded\":true," },
        { NodeRole.Origin, new DestinationLost(Happenings.A, Reason.Text("silent for 6 s")),
            "{\"event\":\"destination-lost\",\"destination\":\"disk-a\",\"reason\":\"silent for 6 "
            + "s\",\"reasonCode\":\"text\"," },
        { NodeRole.Origin, new EntrySkipped(Happenings.Path("p"), Omission.Vanished),
            "{\"event\":\"skipped\",\"path\":\"p\",\"reason\":\"it vanished while it was "
            + "read\",\"reasonCode\":\"omission.vanished\"," },
        { NodeRole.Origin, new ReplicaCounted(Happenings.A, Happenings.Snapshot, 1, 2),
            "{\"event\":\"replica-counted\",\"destination\":\"disk-a\",\"snapshot\":\"20261122T163305Z\",\"copies\":1,\"required\":2," },
        { NodeRole.Origin, new SnapshotProtected(Happenings.Origin, Happenings.Snapshot, 2, 2),
            "{\"event\":\"protected\",\"snapshot\":\"20261122T163305Z\",\"copies\":2,\"required\":2," },
        { NodeRole.Origin, Happenings.Finished(),
            "{\"event\":\"run-finished\",\"snapshot\":\"20261122T163305Z\",\"outcome\":\"protected\",\"copies\":2,\"required\":2,\"files\":10,\"bytes\":1572864,\"skipped\":0,\"seconds\":75.25,\"exit\":0,\"reason\":\"\",\"reasonCode\":\"\",\"destinations\":[{\"name\":\"disk-a\",\"state\":\"stored\",\"reason\":\"\",\"reasonCode\":\"\",\"bytesSent\":0},{\"name\":\"disk-b\",\"state\":\"stored\",\"reason\":\"\",\"reasonCode\":\"\",\"bytesSent\":0}],\"run\":\"0123456789abcdef\",\"bytesSent\":0," },
        { NodeRole.Origin, Happenings.Finished(RunOutcome.AtRisk, 1, state: ReplicaState.Failed, reason: "1 of 2"),
            "{\"event\":\"run-finished\",\"snapshot\":\"20261122T163305Z\",\"outcome\":\"at-risk\",\"copies\":1,\"required\":2,\"files\":10,\"bytes\":1572864,\"skipped\":0,\"seconds\":75.25,\"exit\":5,\"reason\":\"1 of 2\",\"reasonCode\":\"text\",\"destinations\":[{\"name\":\"disk-a\",\"state\":\"stored\",\"reason\":\"\",\"reasonCode\":\"\",\"bytesSent\":0},{\"name\":\"disk-b\",\"state\":\"failed\",\"reason\":\"connection closed\",\"reasonCode\":\"text\",\"bytesSent\":0}],\"run\":\"0123456789abcdef\",\"bytesSent\":0," },
        { NodeRole.Destination, new Listening("data", NodeAddress.Parse("127.0.0.1:4054")),
            "{\"event\":\"listening\",\"what\":\"data\",\"address\":\"127.0.0.1:4054\"," },
        { NodeRole.Destination, new Connected(NodeAddress.Parse("127.0.0.1:4053")),
            "{\"event\":\"connected\",\"coordinator\":\"127.0.0.1:4053\"," },
        { NodeRole.Destination, new Disconnected(NodeAddress.Parse("127.0.0.1:4053"), Reason.Text("refused")),
            "{\"event\":\"disconnected\",\"coordinator\":\"127.0.0.1:4053\",\"reason\":\"refused\",\"reasonCode\":\"text\"," },
        { NodeRole.Destination,
            new ReceptionStarted(Happenings.Origin, Happenings.Snapshot, Happenings.Run, new TreeTotals(3, 2, 9)),
                "{\"event\":\"receiving\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"run\":\"0123456789abcdef\",\"files\":2,\"bytes\":9," },
        { NodeRole.Destination,
            new ReceptionEnded(Happenings.Origin, Happenings.Snapshot, Happenings.Run, Reason.Text("the run is over")),
                "{\"event\":\"reception-ended\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"run\":\"0123456789abcdef\",\"stored\":false,\"reason\":\"the run is over\",\"reasonCode\":\"text\"," },
        { NodeRole.Destination, new ReplicaResumed(Happenings.Origin, Happenings.Snapshot, new TreeTotals(3, 2, 9)),
            "{\"event\":\"replica-resumed\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"files\":2,\"bytes\":9," },
        { NodeRole.Destination,
            new ReplicaPublished(Happenings.Origin, Happenings.Snapshot, new TreeTotals(3, 2, 9), "/r/x"),
                "{\"event\":\"replica-stored\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"files\":2,\"bytes\":9,\"folder\":\"/r/x\"," },
        { NodeRole.Destination,
            new ReplicaVerified(Happenings.Origin, Happenings.Snapshot, new Verification.Sound(Happenings.Time, 1)),
                "{\"event\":\"replica-verified\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"unread\":1," },
        { NodeRole.Destination, new ReplicaDamaged(Happenings.Origin, Happenings.Snapshot, Happenings.Damage),
            "{\"event\":\"replica-damaged\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"entries\":3,\"first\":\"a/b c\"," },
        { NodeRole.Coordinator,
            new ReplicaDamaged(Happenings.Origin, Happenings.Snapshot, Happenings.Damage, Happenings.A),
                "{\"event\":\"replica-damaged\",\"origin\":\"nas-photos\",\"snapshot\":\"20261122T163305Z\",\"destination\":\"disk-a\",\"entries\":3,\"first\":\"a/b c\"," },
        { NodeRole.Coordinator, new NodeJoined(NodeRole.Destination, Happenings.A, 1),
            "{\"event\":\"joined\",\"role\":\"destination\",\"name\":\"disk-a\",\"connected\":1," },
        { NodeRole.Coordinator, new NodeLeft(NodeRole.Origin, Happenings.Origin, Reason.Text("stopped"), 1),
            "{\"event\":\"left\",\"role\":\"origin\",\"name\":\"nas-photos\",\"reason\":\"stopped\",\"reasonCode\":\"text\",\"connected\":1," },
        { NodeRole.Coordinator, new SnapshotProtected(Happenings.Origin, Happenings.Snapshot, 2, 2),
            "{\"event\":\"protected\",\"snapshot\":\"20261122T163305Z\",\"copies\":2,\"required\":2,\"origin\":\"nas-photos\"," },
        { NodeRole.Coordinator, new SnapshotAtRisk(Happenings.Origin, Happenings.Snapshot, 1, 2),
            "{\"event\":\"at-risk\",\"snapshot\":\"20261122T163305Z\",\"copies\":1,\"required\":2,\"origin\":\"nas-photos\"," },
        { NodeRole.Coordinator, new SnapshotTooOld(Happenings.Origin, Happenings.Snapshot, TimeSpan.FromHours(40)),
            "{\"event\":\"too-old\",\"snapshot\":\"20261122T163305Z\",\"seconds\":144000,\"origin\":\"nas-photos\"," },
        { NodeRole.Coordinator, new Warned(Reason.Text("a \"b\"")),
            "{\"event\":\"warning\",\"message\":\"a \\\"b\\\"\",\"messageCode\":\"text\"," },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_event_is_a_line_as_the_contract_says(NodeRole role, NodeEvent happened, string line)
    {
        foreach (var culture in new[] { "", "tr-TR", "es-ES" })
        {
            var written = InCulture(culture, () =>
            {
                using var text = new StringWriter();
                using var view = new JsonView(text, role);
                Assert.True(view.Shows(happened));
                Assert.False(view.MayDrop(happened));
                view.Show(happened, Happenings.Time);
                return text.ToString();
            });
            Assert.Equal(line + Time, written);
            using var parsed = JsonDocument.Parse(written);
        }
    }

    internal static T InCulture<T>(string name, Func<T> act)
    {
        var before = CultureInfo.CurrentCulture;
        // Not predefined in invariant mode: a culture with the separators that would show.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        if (name.Length > 0) (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator,
            culture.DateTimeFormat.TimeSeparator) = (",", ".", "-");
        CultureInfo.CurrentCulture = culture;
        try
        {
            return act();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
