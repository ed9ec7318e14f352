using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Transfer.Tests.Mutated;

/// <summary>A small tree, and what a parent and a child say about it, frame by frame: three pages, every kind of entry,
/// files with a hole, an empty one, one that is announced again, and requests for content.</summary>
internal sealed class HonestTree : IDisposable
{
    private const int Pages = 3;

    private readonly HandLink _link;

    public HonestTree()
    {
        var announced = new List<(Frame Frame, byte[] Payload)>();
        _link = new HandLink(Fill)
        {
            Pass = parcel =>
            {
                foreach (var slice in parcel.Frames) announced.Add((slice.Frame, parcel.Payload(slice).ToArray()));
                return true;
            }
        };
        Assert.True(_link.Run());
        Seal = announced.Select(one => one.Frame).OfType<SealFrame>().Single() with { Pages = Pages };
        var (page, lines) = announced[0];
        PageFrames = Cut((PageFrame)page, lines);
        var content = announced.Where(one => one.Frame is DataFrame or HoleFrame or EndFrame).ToList();
        var again = content.Select(one => one.Frame).OfType<EndFrame>().Last().Entry;
        var place = content.FindIndex(one => one.Frame is DataFrame data && data.Entry == again);
        var line = lines.AsSpan().ToArray().Split((byte)'\n')[(int)again];
        content.Insert(place, (new AgainFrame(again, line.Length), line));
        Content = [.. content.Select(Bytes), Bytes((AliveFrame.Instance, [])), Bytes((Seal, []))];
        Needs = [.. PageFrames.Select(one => NeedOf((PageFrame)one.Frame, one.Payload))];
        Wants = [.. content.Select(one => one.Frame).OfType<EndFrame>().SelectMany(WantsOf)
            .Select((want, number) => Bytes((want.Want with { Request = number }, want.Ranges)))];
    }

    public Transfer.Sending.Sources.LiveTree Tree => _link.Tree;

    public SealFrame Seal { get; }

    public IReadOnlyList<(Frame Frame, byte[] Payload)> PageFrames { get; }

    /// <summary>What a parent says behind its pages, to one that has nothing yet.</summary>
    public IReadOnlyList<byte[]> Content { get; }

    /// <summary>What such a child needs, page by page.</summary>
    public IReadOnlyList<byte[]> Needs { get; }

    /// <summary>Requests for all of each file, and for pieces.</summary>
    public IReadOnlyList<byte[]> Wants { get; }

    public static byte[] Bytes((Frame Frame, byte[] Payload) said) =>
        [.. FrameWriter.Header(said.Frame), .. said.Payload];

    public void Dispose() => _link.Dispose();

    private static void Fill(string source)
    {
        Directory.CreateDirectory(Path.Combine(source, "d", "empty"));
        File.CreateSymbolicLink(Path.Combine(source, "d", "link"), "nowhere");
        File.WriteAllText(Path.Combine(source, "d", "nothing"), "");
        File.WriteAllBytes(Path.Combine(source, "e"), SampleFiles.Content(3_000, 1));
        File.WriteAllText(Path.Combine(source, "f"), "hello world\n");
        using (var sparse = File.Create(Path.Combine(source, "g")))
        {
            sparse.SetLength(1 << 20);
            sparse.Position = 1 << 19;
            sparse.Write("end"u8);
        }
        File.WriteAllBytes(Path.Combine(source, "h"), SampleFiles.Content(1_000, 2));
    }

    private static List<(Frame, byte[])> Cut(PageFrame page, byte[] text)
    {
        var lines = text.Split((byte)'\n');
        var each = (page.Count + Pages - 1) / Pages;
        return [.. lines.Chunk(each).Select((some, number) =>
        {
            byte[] payload = [.. some.SelectMany(line => line)];
            return ((Frame)new PageFrame(number, number * each, some.Length, payload.Length, Sha256Digest.Of(payload)),
                payload);
        })];
    }

    private static byte[] NeedOf(PageFrame page, byte[] text)
    {
        var needs = new StringBuilder();
        var lines = text.Split((byte)'\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i][0] != 'f' || Encoding.ASCII.GetString(lines[i]).Split(' ')[6] == "0") continue;
            // Ranges of some; no two lines may be of consecutive whole files.
            needs.Append(page.First + i).Append((page.First + i) % 2 == 0 ? " 0-3,5-\n" : "\n");
        }
        var said = Encoding.ASCII.GetBytes(needs.ToString());
        return Bytes((new NeedFrame(page.Page, said.Length), said));
    }

    private static IEnumerable<(WantFrame Want, byte[] Ranges)> WantsOf(EndFrame end)
    {
        yield return (new WantFrame(0, end.Digest, end.Size, end.Entry, 0), []);
        yield return (new WantFrame(0, end.Digest, end.Size, end.Entry, 8), "0-3,5-7\n"u8.ToArray());
        yield return (new WantFrame(0, end.Digest, end.Size, null, 0), []);
    }
}

internal static class Lines
{
    /// <summary>The lines, each with its end.</summary>
    public static byte[][] Split(this byte[] text, byte end)
    {
        var lines = new List<byte[]>();
        for (var from = 0; from < text.Length;)
        {
            var to = Array.IndexOf(text, end, from) + 1;
            lines.Add(text[from..to]);
            from = to;
        }
        return [.. lines];
    }
}
