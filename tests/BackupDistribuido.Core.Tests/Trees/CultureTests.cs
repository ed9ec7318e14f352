using System.Buffers;
using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees;

/// <summary>What is written is the same under every culture, the Turkish one with its two letters i and one with signs
/// of its own.</summary>
public sealed class CultureTests
{
    [Theory]
    [InlineData("tr-TR", false)]
    [InlineData("tr-TR", true)]
    public void Text_does_not_depend_on_the_culture(string name, bool ownSigns)
    {
        var culture = (CultureInfo)new CultureInfo(name).Clone();
        if (ownSigns) (culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberDecimalSeparator,
            culture.DateTimeFormat.TimeSeparator) = ("~", ",", "_");
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            RoundTrips();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // One thread: the culture is the thread's.
    private static void RoundTrips()
    {
        SampleTrees.Entry.Sample(entry =>
        {
            var line = new ArrayBufferWriter<byte>();
            EntryLine.Write(entry, line);
            return EntryLine.TryParse(line.WrittenSpan[..^1], out var read, out _) && read == entry;
        }, threads: 1);
        Assert.Equal("-5.000000007", new FileTime(-5, 7).ToString());
        Assert.Equal("20261122T163305Z", SnapshotId.Parse("20261122T163305Z").ToString());
        Assert.Equal("[::1]:4053", NodeAddress.Parse("[::1]:4053").ToString());
        Assert.Equal("TITIiI", NodeName.Parse("TITIiI").ToString());
        Assert.True(EntryLine.TryParseOmission(Encoding.ASCII.GetBytes("vanished"), out var why));
        Assert.Equal(Omission.Vanished, why);
        Assert.Equal("d 755 0 0 -1.000000000 - I%C4%B1", Line("d 755 0 0 -1.000000000 - I%C4%B1"));
    }

    private static string Line(string text)
    {
        Assert.True(EntryLine.TryParse(Encoding.ASCII.GetBytes(text), out var entry, out var why), why);
        var line = new ArrayBufferWriter<byte>();
        EntryLine.Write(entry, line);
        return Encoding.ASCII.GetString(line.WrittenSpan).TrimEnd('\n');
    }
}
