using System.Diagnostics;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>A second snapshot of a tree: what a destination has of the first is not sent again.</summary>
public sealed class UnchangedFilesTests : IDisposable
{
    private static readonly byte[] Big = SampleFiles.Content(900_000, 1);
    private static readonly byte[] Other = SampleFiles.Content(900_000, 2);

    private readonly HandLink _link = new(source =>
    {
        File.WriteAllBytes(Path.Combine(source, "big"), Big);
        File.WriteAllBytes(Path.Combine(source, "changing"), Big);
        File.WriteAllText(Path.Combine(source, "nothing"), "");
    });

    public void Dispose() => _link.Dispose();

    private IReadOnlyList<long> Sent => [.. _link.Frames.OfType<DataFrame>().Select(data => data.Entry).Distinct()];

    private void First()
    {
        Assert.True(_link.Run());
        _link.PublishAndCompare();
        _link.Verified.Clear();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_an_unchanged_file_only_the_digest_travels(bool record)
    {
        First();
        _link.BeginNext(record);

        Assert.True(_link.Run());

        Assert.Empty(Sent);
        Assert.Equal<IEnumerable<Need>>([Need.OfDigest(1), Need.OfDigest(2)], [.. _link.Needs[0].Needs]);
        Assert.Equal(["nothing", "big", "changing"], _link.Verified);
        _link.PublishAndCompare();
    }

    [Fact]
    public void A_changed_file_is_sent_and_the_others_are_not()
    {
        First();
        File.WriteAllBytes(_link["changing"], Other);
        _link.BeginNext(record: true);

        Assert.True(_link.Run());

        Assert.Equal([2L], Sent);
        _link.PublishAndCompare();
    }

    [Fact]
    public void A_file_that_only_seemed_unchanged_is_asked_for_by_the_next_link()
    {
        First();
        OverwriteKeepingTime();
        _link.BeginNext(record: true);

        var problem = Assert.Throws<ProtocolException>(() => _link.Run());

        Assert.Equal(ErrorCode.Digest, problem.Code);
        Assert.Contains("1 files have the length and time", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["nothing", "big"], _link.Verified);
        Assert.True(_link.Run());
        Assert.Equal([2L], Sent);
        _link.PublishAndCompare();
    }

    private void OverwriteKeepingTime()
    {
        using var shell = Process.Start("sh",
            ["-c", "cd \"$1\" && cp -p changing ../before && tr '\\0' 'x' < ../before > changing && touch -r ../before "
                + "changing", "sh", _link.Source]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
