using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees.Lines;

namespace BackupDistribuido.Storage.Manifests;

/// <summary>
/// A published manifest as text:
/// <code>
/// bdist-manifest 1
/// origin NAME
/// snapshot ID
/// (entry lines, see EntryLine)
/// seal ENTRIES BYTES SHA256
/// </code>
/// BYTES is the sum of the files' sizes; SHA256 is over the entry lines with their LFs, so it is the same at every
/// destination.
/// </summary>
public static class ManifestFile
{
    internal const string FirstLine = "bdist-manifest 1";

    /// <summary>Longest seal line with its LF: the word, two 64-bit numbers, a digest, spaces.</summary>
    internal const int MaxSealBytes = 128;

    /// <summary>Writes the lines before the entry lines.</summary>
    public static void WriteHead(NodeName origin, SnapshotId snapshot, IBufferWriter<byte> output) =>
        output.Write(Encoding.ASCII.GetBytes($"{FirstLine}\norigin {origin}\nsnapshot {snapshot}\n"));

    /// <summary>Writes the lines after the entry lines.</summary>
    public static void WriteSeal(ManifestSeal seal, IBufferWriter<byte> output)
    {
        var text = new FieldWriter(output);
        text.Field("seal"u8);
        text.Field(seal.Entries);
        text.Field(seal.Bytes);
        text.Field(seal.Digest);
        text.EndLine();
    }

    /// <summary>Parses a seal line without its LF.</summary>
    internal static bool TryParseSeal(ReadOnlySpan<byte> line, out ManifestSeal seal, out string? why)
    {
        var fields = new FieldReader(line);
        var word = fields.Word();
        if (!fields.Failed && !word.SequenceEqual("seal"u8)) fields.Fail<string>("the last line is no seal");
        seal = new ManifestSeal(fields.Number(long.MaxValue), fields.Number(long.MaxValue), fields.Digest());
        why = fields.Problem ?? (fields.AtEnd ? null : "more fields than expected");
        return why is null;
    }
}
