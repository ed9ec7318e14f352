using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Manifests;

namespace BackupDistribuido.Storage.Tests.Manifests;

public sealed class ManifestDraftTests
{
    private static readonly byte[] First = Encoding.ASCII.GetBytes("d 755 0 0 0.000000000 - .\n");
    private static readonly byte[] Second =
        Encoding.ASCII.GetBytes($"f 644 0 0 0.000000000 - 7 0.000000000 1 {Sha256Digest.OfNothing} a\n! vanished b\n");

    [Fact]
    public void Pages_come_back_and_the_seal_runs_along()
    {
        using var draft = ManifestDraft.Temporary();
        draft.Append(First, 0, 1);
        draft.Append(Second, 1, 2);
        Assert.Equal(2, draft.PageCount);
        Assert.Equal(First, draft.Read(0));
        Assert.Equal(Second, draft.Read(1));
        var heads = new[] { First,
            Second }.Select((lines, i) => $"page {i + 1} {lines.Length} {Sha256Digest.Of(lines)}\n".Length).ToArray();
        Assert.Equal(new ManifestPage(heads[0] + First.Length + heads[1], 1, Second.Length, 2), draft[1]);
        Assert.Equal(new TreeTotals(3, 1, 7), draft.Totals);
        Assert.Equal(new ManifestSeal(3, 7, Sha256Digest.Of([.. First, .. Second])), draft.Seal);
        Assert.Equal([".", "a", "b"], draft.Entries().Select(entry => entry.Path.ToString()));
    }

    [Fact]
    public void A_page_is_found_by_an_entrys_number()
    {
        using var draft = ManifestDraft.Temporary();
        for (var i = 0; i < 10; i++) draft.Append(Second, 2 * i, 2);
        Assert.All(Enumerable.Range(0, 20), entry => Assert.Equal(entry / 2, draft.PageOf(entry)));
        Assert.Equal(-1, draft.PageOf(20));
        Assert.Equal(-1, draft.PageOf(-1));
    }

    [Theory]
    [InlineData("d 755 0 0 0.000000000 - .", 0, 1)]
    [InlineData("d 755 0 0 0.000000000 - .\n", 1, 1)]
    [InlineData("d 755 0 0 0.000000000 - .\n", 0, 2)]
    [InlineData("f 755 0 0 0.000000000 - -1 a\n", 0, 1)]
    [InlineData("f 755\n", 0, 1)]
    public void A_page_that_does_not_fit_is_refused_and_changes_nothing(string lines, long first, int entries)
    {
        using var draft = ManifestDraft.Temporary();
        Assert.Throws<ArgumentException>(() => draft.Append(Encoding.ASCII.GetBytes(lines), first, entries));
        Assert.Equal((0, default), (draft.PageCount, draft.Totals));
        Assert.Equal(Sha256Digest.OfNothing, draft.Seal.Digest);
    }
}
