using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Manifests;

public sealed class ManifestReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Whole()
    {
        var lines =
            $"d 755 0 0 0.000000000 - .\nf 644 0 0 0.000000000 - 7 0.000000000 1 {Sha256Digest.OfNothing} a\n! "
            + "vanished b\n";
        var output = new ArrayBufferWriter<byte>();
        ManifestFile.WriteHead(NodeName.Parse("laptop"), SnapshotId.Parse("20261122T163305Z"), output);
        output.Write(Encoding.ASCII.GetBytes(lines));
        ManifestFile.WriteSeal(new ManifestSeal(3, 7, Sha256Digest.Of(Encoding.ASCII.GetBytes(lines))), output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    private static Descriptor File(string path)
    {
        Descriptor.WorkingDirectory.OpenRegular(Encoding.UTF8.GetBytes(path), out var file).OrThrow("openat", path);
        return file;
    }

    private ManifestSeal? ReadSeal()
    {
        using var file = File(_folder["m"]);
        return ManifestReader.ReadSeal(file, _folder["m"]);
    }

    private List<Entry> Read(string text)
    {
        using var reader = new ManifestReader(File(_folder.Write("m", text)), _folder["m"]);
        return [.. reader.Entries()];
    }

    [Fact]
    public void What_was_written_is_read()
    {
        Assert.Equal([".", "a", "b"], Read(Whole()).Select(entry => entry.Path.ToString()));
        Assert.Equal(7, ReadSeal()!.Value.Bytes);
    }

    [Fact]
    public void A_socket_is_no_seal()
    {
        var lines = "d 755 0 0 0.000000000 - .\ns 644 0 0 0.000000000 - socket\np 644 0 0 0.000000000 - z\n";
        var seal = $"seal 3 0 {Sha256Digest.Of(Encoding.ASCII.GetBytes(lines))}\n";

        Assert.Equal([".", "socket", "z"],
            Read($"bdist-manifest 1\norigin laptop\nsnapshot 20261122T163305Z\n{lines}{seal}")
                .Select(entry => entry.Path.ToString()));
    }

    [Theory]
    [InlineData("bdist-manifest 1", "bdist-manifest 2", "line 1")]
    [InlineData("origin laptop", "origin .x", "line 2")]
    [InlineData("origin laptop", "orgin laptop", "line 2")]
    [InlineData("snapshot 2026", "snapshot x026", "line 3")]
    [InlineData(" 755 ", " 855 ", "line 4")]
    [InlineData(" .\n", " a\n", "line 4")]
    [InlineData("! vanished b", "! vanished A", "line 6")]
    [InlineData("! vanished b", "! vanished c", "seal does not fit")]
    [InlineData("seal 3 7", "seal 3 8", "seal does not fit")]
    [InlineData("seal 3 7", "seal 3 x", "line 7")]
    public void A_mistake_is_named_with_its_line(string from, string to, string says)
    {
        var problem =
            Assert.Throws<InvalidDataException>(() => Read(Whole().Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["m"], problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_anywhere_it_is_refused()
    {
        var whole = Whole();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(whole[..length]));
            Assert.Null(ReadSeal());
        }
    }

    [Fact]
    public void Nothing_may_follow_the_seal() =>
        Assert.Throws<InvalidDataException>(() => Read(Whole() + "! vanished c\n"));

    [Fact]
    public void A_line_without_end_costs_no_more_than_the_longest_line() =>
        Assert.Contains("longer",
            Assert.Throws<InvalidDataException>(() => Read(new string('x', 4 * EntryLine.MaxBytes))).Message,
                StringComparison.Ordinal);
}
