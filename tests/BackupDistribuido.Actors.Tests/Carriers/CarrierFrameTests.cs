using System.Buffers;
using BackupDistribuido.Actors.Carriers;
using Google.Protobuf;

namespace BackupDistribuido.Actors.Tests.Carriers;

public sealed class CarrierFrameTests
{
    [Fact]
    public void FramesComeBackHoweverTheInputIsSplit()
    {
        CarrierFrame[] frames = [new(CarrierFrameKind.Open, 1, ByteString.Empty),
            new(CarrierFrameKind.Data, 1, ByteString.CopyFromUtf8("hello")),
                new(CarrierFrameKind.Close, 1, ByteString.Empty)];
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var frame in frames) frame.Write(bytes);

        for (var split = 0; split <= bytes.WrittenCount; split++)
        {
            var read = new List<CarrierFrame>();
            var input = new ReadOnlySequence<byte>(bytes.WrittenMemory[..split]);
            while (CarrierFrame.TryRead(ref input, out var frame)) read.Add(frame);
            input = new ReadOnlySequence<byte>((byte[])[.. input.ToArray(), .. bytes.WrittenSpan[split..]]);
            while (CarrierFrame.TryRead(ref input, out var frame)) read.Add(frame);

            Assert.Equal(frames, read);
            Assert.True(input.IsEmpty);
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 5, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 16, 4, 0, 2, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0x80, 2, 0, 0, 0, 0 })]
    public void WhatIsNoFrameIsRefusedByItsHeader(byte[] header) => Assert.Throws<InvalidDataException>(() =>
    {
        var input = new ReadOnlySequence<byte>(header);
        CarrierFrame.TryRead(ref input, out _);
    });
}
