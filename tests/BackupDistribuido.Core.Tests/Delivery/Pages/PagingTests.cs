using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Delivery.Pages;

public sealed class PagingTests
{
    private static readonly Metadata Longest =
        new(Metadata.MaxMode, uint.MaxValue, uint.MaxValue, new FileTime(long.MinValue, 999_999_999));
    private static readonly FileStamp LongestStamp =
        new(long.MaxValue, new FileTime(long.MinValue, 999_999_999), ulong.MaxValue);

    [Fact]
    public void Pages_of_any_entries_hold_their_lines_whatever_becomes_known()
    {
        Gen.Int[1, 255].Array[1, 3000].Select(Gen.Byte[1, 255]).Sample((lengths, filler) =>
        {
            var name = filler is (byte)'/' or (byte)'.' ? (byte)'x' : filler;
            var entries = lengths.Select((length, i) =>
                (Entry)new FileEntry(TreePath.FromBytes(Enumerable.Repeat(name, length).ToArray()),
                    Longest with { Mode = i % 8 }, default, null)).ToList();
            var known = entries.Select(entry =>
                (Entry)((FileEntry)entry with
                {
                    Metadata = Longest,
                    Stamp = LongestStamp,
                    Digest = Sha256Digest.OfNothing
                })).ToList();

            var (before, after) = (Paging.Cut(entries).ToList(), Paging.Cut(known).ToList());

            Assert.Equal(before.Select(page => page.Length), after.Select(page => page.Length));
            Assert.Equal(known, after.SelectMany(page => page));
            Assert.All(after,
                page => Assert.True(page.Length is > 0 and <= WireLimits.PageEntries
                    && EntryLines.Write(page).Length <= WireLimits.PageBytes));
        }, iter: 100);
    }

    [Fact]
    public void The_longest_line_has_a_page_of_its_own()
    {
        var path = TreePath.FromBytes(Enumerable.Range(0, 60_000).Select(i => i % 200 == 199 ? (byte)'/' : (byte)0xFF)
            .Append((byte)'x').ToArray());
        Entry[] entries = [new FileEntry(path, Longest, LongestStamp, Sha256Digest.OfNothing),
            new FileEntry(path, Longest, LongestStamp, Sha256Digest.OfNothing)];
        Assert.Equal(2, Paging.Cut(entries).Count());
    }
}
