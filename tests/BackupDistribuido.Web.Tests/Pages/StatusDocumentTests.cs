using System.Text.Json;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Tests.Pages;

public sealed class StatusDocumentTests
{
    [Fact]
    public void It_has_everything_that_is_known()
    {
        using var document = JsonDocument.Parse(StatusDocument.Render(SampleStatus.OneOfEach, SampleStatus.Now));
        var root = document.RootElement;

        Assert.Equal(1, root.GetProperty("connected").GetInt32());
        Assert.Equal("2026-11-22T18:30:00.000Z", root.GetProperty("time").GetString());
        Assert.Equal("192.168.1.20:4054", root.GetProperty("nodes")[0].GetProperty("address").GetString());
        Assert.False(root.GetProperty("nodes")[1].TryGetProperty("free", out _));
        Assert.Equal("copying", root.GetProperty("runs")[0].GetProperty("state").GetString());
        Assert.True(root.GetProperty("snapshots")[0].GetProperty("protected").GetBoolean());
    }

    [Fact]
    public void What_was_found_when_a_replica_was_read_again_is_said_of_it()
    {
        var damaged = new Verification.Damaged(SampleStatus.Now, 2, "a/b");
        ReplicaHolder[] holders = [new(NodeName.Parse("nas"), null, new Verification.Sound(SampleStatus.Now)),
            new(NodeName.Parse("attic"), null, damaged), new(NodeName.Parse("new"), null, Missing: 20)];
        var status = new ClusterStatus([SampleStatus.Destination("attic", 1) with { Verified = damaged }], [],
            [SampleStatus.Snapshot("laptop", 2, 2) with { Holders = holders }]);

        using var document = JsonDocument.Parse(StatusDocument.Render(status, SampleStatus.Now));

        var said = document.RootElement.GetProperty("snapshots")[0].GetProperty("destinations");
        Assert.Equal("""{"name":"nas","checked":"re-read","lastVerified":"2026-11-22T18:30:00.000Z","damaged":false}""", said[0].GetRawText());
        Assert.Equal("""{"name":"attic","checked":"damaged","lastVerified":"2026-11-22T18:30:00.000Z","damaged":true,"damagedEntries":2,"firstDamaged":"a/b"}""", said[1].GetRawText());
        Assert.Equal("""{"name":"new","missing":20,"checked":"not-re-read"}""", said[2].GetRawText());
        Assert.True(document.RootElement.GetProperty("nodes")[0].GetProperty("damaged").GetBoolean());
    }

    [Fact]
    public void An_origin_whose_last_run_failed_is_said_so_in_one_word_everywhere()
    {
        using var document = JsonDocument.Parse(StatusDocument.Render(SampleStatus.Failed, SampleStatus.Now));
        var (root, origin) = (document.RootElement, document.RootElement.GetProperty("origins")[0]);

        Assert.Equal((false, "failed", "Failed: laptop-photos"),
            (root.GetProperty("protected").GetBoolean(), root.GetProperty("standing").GetString(),
                root.GetProperty("headline").GetString()));
        Assert.Equal(("failed", false, "failed"),
            (origin.GetProperty("standing").GetString(), origin.GetProperty("protected").GetBoolean(),
                origin.GetProperty("lastRun").GetProperty("outcome").GetString()));
        Assert.Equal(["last run failed 3 min ago (fewer replicas than required, and no destination came back)",
            "all copies offline", "protected snapshot 1 h 56 min old"],
            origin.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        using var document = JsonDocument.Parse(StatusDocument.Render(SampleStatus.Many, SampleStatus.Now));
        var mail = document.RootElement.GetProperty("snapshots")[2];

        Assert.False(mail.TryGetProperty("required", out _));
        Assert.False(mail.GetProperty("protected").GetBoolean());
    }
}
