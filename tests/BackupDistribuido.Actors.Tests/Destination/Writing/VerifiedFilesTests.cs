using BackupDistribuido.Actors.Destination.Writing;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Tests.Destination.Writing;

public sealed class VerifiedFilesTests
{
    private readonly VerifiedFiles _files = new();

    [Fact]
    public void Numbers_in_a_row_are_one_range()
    {
        foreach (var number in new long[] { 1, 2, 3, 7, 8, 2 }) _files.Add(number, 10);

        Assert.Equal([new EntryRange(1, 3), new EntryRange(7, 8), new EntryRange(2, 2)], _files.Take());
        Assert.Empty(_files.Take());
    }

    [Fact]
    public void A_message_holds_so_many_and_the_rest_comes_with_the_next()
    {
        for (var i = 0; i < FilesVerified.MaxRanges + 5; i++) _files.Add(2 * i, 1);

        Assert.Equal(FilesVerified.MaxRanges, _files.Take().Count);
        Assert.Equal(5, _files.Take().Count);
        Assert.Empty(_files.Take());
    }
}
