using System.Buffers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>
/// What is said of files besides their content, in the order in which it was given: further names before what they
/// name, for with the file's own word its page may be complete at a receiver, and every page after it. What finds no
/// room in the parcel waits for the next. For one thread.
/// </summary>
internal sealed class FileAnnouncements(ParcelBuilder parcels)
{
    private readonly Queue<(Frame Frame, ReadOnlyMemory<byte> Payload)> _waiting = new();

    /// <summary>Says what waits, as far as there is room; false where there is none for the next.</summary>
    public bool TryWrite()
    {
        for (; _waiting.TryPeek(out var word); _waiting.Dequeue())
        {
            if (parcels.IsFull || !parcels.HasRoomFor(word.Payload.Length)) return false;
            parcels.Append(word.Frame, word.Payload.Span);
        }
        return true;
    }

    /// <summary>An entry is left out.</summary>
    public void LeftOut(long entry, Omission why)
    {
        _waiting.Enqueue((new OmitFrame(entry, why), default));
        TryWrite();
    }

    /// <summary>A file is announced anew.</summary>
    public void Again(long entry, FileEntry line)
    {
        var text = new ArrayBufferWriter<byte>(512);
        EntryLine.Write(line, text);
        _waiting.Enqueue((new AgainFrame(entry, text.WrittenCount), text.WrittenMemory));
        TryWrite();
    }
}
