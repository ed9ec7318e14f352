using System.Runtime.CompilerServices;
using System.Text;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Protocol;

/// <summary>The examples in docs/protocol.md, and the same conversation as raw bytes beside this file.</summary>
public static class ProtocolText
{
    private static readonly string Folder = Path.GetDirectoryName(ThisFile())!;

    /// <summary>Where the protocol's text is.</summary>
    public static readonly string TextPath = Path.Combine(Folder, "..", "..", "..", "docs", "protocol.md");

    private static readonly string[] Lines = File.ReadAllLines(TextPath);

    /// <summary>The lines of the fenced block of that kind.</summary>
    public static string[] Block(string kind)
    {
        var lines = Lines.SkipWhile(line => line != "```" + kind).Skip(1).TakeWhile(line => line != "```").ToArray();
        return lines.Length > 0 ? lines : throw new InvalidDataException($"docs/protocol.md has no block '{kind}'");
    }

    /// <summary>What goes one way in a block of marked lines.</summary>
    public static byte[] Bytes(string kind, Direction direction) =>
        Encoding.ASCII.GetBytes(string.Concat(Block(kind).Where(line => DirectionOf(line) == direction)
            .Select(line => line[2..] + "\n")));

    /// <summary>Which way a marked line goes.</summary>
    public static Direction DirectionOf(string line) =>
        line.StartsWith("> ", StringComparison.Ordinal) ? Direction.Down
        : line.StartsWith("< ", StringComparison.Ordinal) ? Direction.Up
        : throw new InvalidDataException($"'{line}' has no mark");

    /// <summary>The recorded bytes of one direction.</summary>
    public static byte[] Recorded(Direction direction) =>
        File.ReadAllBytes(Path.Combine(Folder, direction == Direction.Down ? "conversation.down" : "conversation.up"));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
