using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Buffers;

/// <summary>Where a whole frame lies in a buffer: its header line begins at byte <paramref name="Start"/>, its payload
/// <paramref name="HeaderLength"/> later.</summary>
public readonly record struct FrameSlice(Frame Frame, int Start, int HeaderLength)
{
    /// <summary>Where its payload begins.</summary>
    public int PayloadStart => Start + HeaderLength;

    /// <summary>The byte behind it.</summary>
    public int End => PayloadStart + Frame.PayloadLength;
}
