using System.Buffers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests;

/// <content>How a draft is taken up that an earlier process has left.</content>
public sealed partial class ManifestDraft
{
    // "page", two numbers, a digest, three spaces and the LF.
    private const int MaxHeadBytes = 128;

    // A page's lines fit a frame when they are announced; their digests are filled in later.
    private const int MaxPageBytes = 1 << 20;

    private static byte[] Head(ReadOnlySpan<byte> lines, int entries)
    {
        var head = new ArrayBufferWriter<byte>(MaxHeadBytes);
        var text = new FieldWriter(head);
        text.Field("page"u8);
        text.Field(entries);
        text.Field(lines.Length);
        text.Field(Sha256Digest.Of(lines));
        text.EndLine();
        return head.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Opens a draft that was left behind, with as many of its first pages as are wholly there and
    /// <paramref name="accept"/>ed. What follows them in the file, a torn page or one that was not accepted, is cut
    /// off.
    /// </summary>
    /// <exception cref="PosixException">It can't be opened or read; <see cref="Errno.NoEntry"/> where there is
    /// none.</exception>
    internal static ManifestDraft Recover(Descriptor directory,
        ReadOnlySpan<byte> name, string shown, Func<IReadOnlyList<Entry>, bool> accept)
    {
        directory.Open(name, OpenFlags.ReadWrite | OpenFlags.Append | OpenFlags.NoFollow | OpenFlags.NonBlocking,
            out var file).OrThrow("openat", shown);
        var draft = new ManifestDraft(file, shown);
        try
        {
            while (draft.RecoverPage(accept)) { }
            file.SetLength(draft._length).OrThrow("ftruncate", shown);
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    private bool RecoverPage(Func<IReadOnlyList<Entry>, bool> accept)
    {
        var start = ReadAt(_length, MaxHeadBytes);
        var end = start.AsSpan().IndexOf((byte)'\n');
        if (end < 0) return false;
        var head = start.AsSpan(..(end + 1));
        var fields = new FieldReader(head[..end]);
        fields.Word();
        var (count, length) = ((int)fields.Number(int.MaxValue), (int)fields.Number(MaxPageBytes));
        if (fields.Failed) return false;
        var lines = ReadAt(_length + head.Length, length);
        // The head has one spelling only: the one that these lines have.
        if (lines.Length != length || !head.SequenceEqual(Head(lines, count))
            || !EntryLines.TryParse(lines, count, out var entries, out _) || !accept(entries)) return false;
        Note(head.Length, lines, count, entries.Aggregate(default(TreeTotals), (totals, entry) => totals.With(entry)));
        return true;
    }

    /// <summary>The content of the file there, at most that many bytes; fewer at its end.</summary>
    private byte[] ReadAt(long offset, int most)
    {
        var buffer = new byte[most];
        var have = 0;
        for (var bytes = -1; have < most && bytes != 0; have += bytes)
            _file.Read(buffer.AsSpan(have), offset + have, out bytes).OrThrow("pread", _shown);
        return buffer[..have];
    }
}
