using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Protocol;

/// <summary>Every example in docs/protocol.md is true.</summary>
public sealed class ProtocolExampleTests
{
    [Theory]
    [InlineData(Direction.Down)]
    [InlineData(Direction.Up)]
    public void The_example_is_the_recorded_conversation(Direction direction) =>
        Assert.Equal(ProtocolText.Recorded(direction), ProtocolText.Bytes("conversation", direction));

    [Theory]
    [InlineData(Direction.Down)]
    [InlineData(Direction.Up)]
    public void Every_header_of_the_example_is_written_as_it_was_read(Direction direction)
    {
        var written = ConversationReader.Read(ProtocolText.Recorded(direction), direction)
            .SelectMany(frame => (byte[])[.. FrameWriter.Header(frame.Frame), .. frame.Payload]);

        Assert.Equal(ProtocolText.Recorded(direction), written);
    }

    [Fact]
    public void A_child_that_hears_the_parent_s_bytes_says_the_child_s()
    {
        var frames = ConversationReader.Read(ProtocolText.Recorded(Direction.Down), Direction.Down);
        var said = ConversationReader.Read(ProtocolText.Recorded(Direction.Up), Direction.Up)
            .Where(frame => frame.Frame is not AliveFrame);

        Assert.Equal(said.Select(Text), Child(frames).Select(Text));
    }

    [Fact]
    public void The_manifest_is_the_one_that_is_sealed()
    {
        var lines = Encoding.ASCII.GetBytes(string.Join('\n', ProtocolText.Block("manifest")) + "\n");
        var frames = ConversationReader.Read(ProtocolText.Recorded(Direction.Down), Direction.Down);
        var seal = Assert.IsType<SealFrame>(frames[^1].Frame);

        Assert.Equal(seal.Digest, Sha256Digest.Of(lines));
        Assert.Equal((480, 543), (frames[1].Payload.Length, lines.Length));
        Assert.True(EntryLines.TryParse(lines, (int)seal.Entries, out var entries, out var why), why);
        Assert.Equal(seal.Bytes, entries.OfType<FileEntry>().Sum(file => file.Stamp.Size));
    }

    [Fact]
    public void Every_other_header_is_written_as_it_was_read()
    {
        foreach (var line in ProtocolText.Block("headers"))
        {
            var bytes = Encoding.ASCII.GetBytes(line[2..] + "\n");
            Assert.True(FrameReader.TryRead(bytes, ProtocolText.DirectionOf(line), out var frame, out var length));
            Assert.Equal(bytes.Length, length);
            Assert.Equal(line[2..] + "\n", Encoding.ASCII.GetString(FrameWriter.Header(frame)));
        }
    }

    [Fact]
    public void What_is_refused_gets_the_code_that_is_said()
    {
        foreach (var line in ProtocolText.Block("refused"))
        {
            var parts = line[2..].Split(' ', 2);
            var refusal = Assert.Throws<ProtocolException>(() =>
                FrameReader.TryRead(Encoding.ASCII.GetBytes(parts[1] + "\n"), ProtocolText.DirectionOf(line), out _,
                    out _));
            Assert.Equal($"{parts[0]} {parts[1]}", $"{ErrorCodes.Spell(refusal.Code)} {parts[1]}");
        }
    }

    [Fact]
    public void Needs_are_written_as_they_were_read_and_refused_as_it_is_said()
    {
        var lines =
            string.Concat(Enumerable.Range(3, 7).Select(n => $"f 644 0 0 0.000000000 - 1000 0.000000000 1 - {n}\n"));
        var page = PageOutline.Of(new PageFrame(0, 3, 7, lines.Length), Encoding.ASCII.GetBytes(lines));
        var needs = Encoding.ASCII.GetBytes(string.Join('\n', ProtocolText.Block("needs")) + "\n");

        Assert.Equal(needs, NeedText.Write(NeedText.Parse(needs, page), page).ToArray());
        foreach (var line in ProtocolText.Block("refused-needs"))
        {
            var (code, text) = (line.Split(' ')[0], line[(line.IndexOf(' ') + 1)..].Replace('/', '\n') + "\n");
            var refusal = Assert.Throws<ProtocolException>(() => NeedText.Parse(Encoding.ASCII.GetBytes(text), page));
            Assert.Equal(line, $"{ErrorCodes.Spell(refusal.Code)} {line[(code.Length + 1)..]}");
        }
    }

    [Fact]
    public void The_text_names_every_code_reason_and_limit()
    {
        var text = File.ReadAllText(ProtocolText.TextPath);

        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.Contains($"\n| {ErrorCodes.Spell(code)} | ", text));
        Assert.All(Enum.GetValues<ContentLack>(),
            why => Assert.Contains($"%s\"{why.ToString().ToLowerInvariant()}\"", text));
        Assert.All(Enum.GetValues<Omission>(), why => Assert.Contains($"%s\"{EntryLine.Spell(why)}\"", text));
        long[] limits =
        [
            WireLimits.HeaderBytes, WireLimits.DataBytes, WireLimits.PageBytes, WireLimits.PageEntries,
                WireLimits.PagesAhead, WireLimits.NeedBytes,
            WireLimits.WantBytes, WireLimits.Requests, WireLimits.Ranges, BranchNeeds.MaxAgain,
            WireLimits.ErrorTextBytes, WireLimits.MaxEntry, WireLimits.MaxPage, Epoch.Max, TreePath.MaxBytes,
                TreePath.MaxComponentBytes,
            SymbolicLinkEntry.MaxTargetBytes, EntryLine.MaxBytes,
        ];
        Assert.All(limits,
            limit => Assert.Contains(limit.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture), text));
        Assert.Equal((8, 1, 6),
            (WireLimits.GreetingTime.TotalSeconds, WireLimits.AlivePeriod.TotalSeconds,
                WireLimits.Silence.TotalSeconds));
    }

    private static string Text((Frame Frame, byte[] Payload) frame) =>
        Encoding.ASCII.GetString([.. FrameWriter.Header(frame.Frame), .. frame.Payload]);

    // A child that has nothing yet and a memory for a disk.
    private static IEnumerable<(Frame, byte[])> Child(List<(Frame Frame, byte[] Payload)> frames)
    {
        var tree = new IncomingTree();
        var content = new MemoryStream();
        var manifest = new MemoryStream();
        using var link = tree.BeginLink();
        foreach (var (frame, payload) in frames)
        {
            switch (frame)
            {
                case HelloFrame hello:
                    yield return (new WelcomeFrame(hello.Run, hello.Epoch, hello.To, tree.FirstPage), []);
                    break;
                case PageFrame announced:
                    var needs = Needs(tree, link.Announce(announced, payload).Page);
                    link.Ask(needs);
                    var text = NeedText.Write(needs, PageOutline.Of(announced, payload));
                    yield return (new NeedFrame(announced.Page, text.Length), text.ToArray());
                    break;
                case DataFrame data:
                    Assert.Equal(0, link.Accept(data));
                    content.Write(payload);
                    break;
                case EndFrame end:
                    link.Accept(end);
                    Assert.Equal(end.Digest, Sha256Digest.Of(content.ToArray()));
                    tree.Verified(end.Entry, end.Digest);
                    foreach (var page in tree.TakeComplete()) manifest.Write(page.Lines.Span);
                    break;
                case SealFrame seal:
                    link.Accept(seal);
                    yield return (new DoneFrame(Sha256Digest.Of(manifest.ToArray())), []);
                    break;
                case AliveFrame:
                    break;
                default:
                    Assert.Fail($"{frame} is not in the example");
                    break;
            }
        }
    }

    private static NeedSet Needs(IncomingTree tree, IncomingPage page)
    {
        var needs = new List<Need>();
        for (var number = page.First; number < page.First + page.Count; number++)
        {
            if (page[number] is not FileEntry file) continue;
            if (file.Stamp.Size == 0) tree.Verified(number, Sha256Digest.OfNothing);
            else needs.Add(new Need(number, 0));
        }
        return NeedSet.Of(needs);
    }
}
