using System.Buffers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BenchmarkDotNet.Attributes;

namespace BackupDistribuido.Benchmarks;

/// <summary>What reading and writing header lines costs: two a small file, so 100,000 a tree of 50,000.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(WireLimits.HeaderBytes);
    private readonly DataFrame _data = new(123_456, 0, 8_192);
    private readonly EndFrame _end = new(123_456, 8_192, Sha256Digest.OfNothing);
    private byte[] _dataLine = [];
    private byte[] _endLine = [];

    [GlobalSetup]
    public void Setup() => (_dataLine, _endLine) = (FrameWriter.Header(_data), FrameWriter.Header(_end));

    [Benchmark]
    public int WriteData() => Write(_data);

    [Benchmark]
    public int WriteEnd() => Write(_end);

    [Benchmark]
    public Frame? ReadData() => Read(_dataLine);

    [Benchmark]
    public Frame? ReadEnd() => Read(_endLine);

    private int Write(Frame frame)
    {
        _output.ResetWrittenCount();
        FrameWriter.WriteHeader(frame, _output);
        return _output.WrittenCount;
    }

    private static Frame? Read(byte[] line) =>
        FrameReader.TryRead(line, Direction.Down, out var frame, out _) ? frame : null;
}
