using System.Text.Json;
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
    public void What_is_not_known_is_left_out()
    {
        using var document = JsonDocument.Parse(StatusDocument.Render(SampleStatus.Many, SampleStatus.Now));
        var mail = document.RootElement.GetProperty("snapshots")[2];

        Assert.False(mail.TryGetProperty("required", out _));
        Assert.False(mail.GetProperty("protected").GetBoolean());
    }
}
