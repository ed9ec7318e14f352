using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BenchmarkDotNet.Attributes;

namespace BackupDistribuido.Benchmarks;

/// <summary>What a manifest line costs: written at the origin twice, parsed at each destination twice.</summary>
[MemoryDiagnoser]
public class EntryLineBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly FileEntry _file = new(
        TreePath.FromBytes(Encoding.UTF8.GetBytes("photos/2026/summer/picture-0001.jpeg")),
            new Metadata(0x1A4, 1000, 1000, new FileTime(1_700_000_000, 123_456_789)),
        new FileStamp(8_192, new FileTime(1_700_000_000, 987_654_321), 4_242_424), Sha256Digest.OfNothing);
    private byte[] _line = [];

    [GlobalSetup]
    public void Setup()
    {
        Write();
        _line = _output.WrittenSpan[..^1].ToArray();
    }

    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        EntryLine.Write(_file, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public Entry? Parse() => EntryLine.TryParse(_line, out var entry, out _) ? entry : null;
}
