using System.Text;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Pages;

/// <summary>A file of size 0 carries the digest of nothing, whichever way it is announced.</summary>
public sealed class IncomingTreeEmptyFileTests
{
    private const string Root = "d 755 0 0 0.000000000 - .\n";
    private static readonly string Wrong = $"f 644 0 0 0.000000000 - 0 0.000000000 1 {Sha256Digest.Of("x"u8)} a\n";
    private const string Unknown = "f 644 0 0 0.000000000 - 0 0.000000000 1 - a\n";
    private const string Full = "f 644 0 0 0.000000000 - 1 0.000000000 1 - a\n";

    public static TheoryData<string> Lines => [Wrong, Unknown];

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_a_new_page(string line) => Refused(() => Announce(new IncomingTree().BeginLink(), Root + line));

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_a_page_that_is_announced_again(string line)
    {
        var tree = new IncomingTree();
        using (var link = tree.BeginLink()) Announce(link, Root + Full);
        using var next = tree.BeginLink();

        Refused(() => Announce(next, Root + line));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_a_file_that_changed(string line)
    {
        var link = new IncomingTree().BeginLink();
        Announce(link, Root + Full);

        Refused(() => link.Accept(new AgainFrame(1, line.Length), Encoding.ASCII.GetBytes(line)));
    }

    private static void Announce(IncomingLink link, string lines) =>
        link.Announce(new PageFrame(0, 0, 2, lines.Length), Encoding.ASCII.GetBytes(lines));

    private static void Refused(Action action) =>
        Assert.Equal(ErrorCode.Digest, Assert.Throws<ProtocolException>(action).Code);
}
