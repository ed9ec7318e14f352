using System.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Transfer.Tests.Mutated;

/// <summary>Something wrong in what one side says, given as its frames: between them, in a number, in any byte, or in
/// a page whose digest is right all the same.</summary>
internal static class Mutation
{
    private static readonly string[] Numbers =
        ["0", "1", "2", "3", "17", "01", "-1", "512", "65536", "9223372036854775807", "9223372036854775808", "-", "x"];

    /// <summary>The same with one to three things wrong.</summary>
    public static List<byte[]> Of(IReadOnlyList<byte[]> frames, Random random)
    {
        var said = frames.ToList();
        for (var times = random.Next(1, 4); times > 0 && said.Count > 0; times--) Change(said, random);
        return said;
    }

    private static void Change(List<byte[]> said, Random random)
    {
        var at = random.Next(said.Count);
        var other = random.Next(said.Count);
        switch (random.Next(9))
        {
            case 0: said.RemoveAt(at); break;
            case 1: said.Insert(other, said[at]); break;
            case 2: (said[at], said[other]) = (said[other], said[at]); break;
            case 3: said.RemoveRange(at, said.Count - at); break;
            case 4: said[at] = WithOtherNumber(said[at], random); break;
            case 5: said[at] = WithOtherLines(said[at], random); break;
            default: said[at] = WithOtherBytes(said[at], random); break;
        }
    }

    private static byte[] WithOtherNumber(byte[] frame, Random random)
    {
        var end = Array.IndexOf(frame, (byte)'\n');
        if (end < 0) return frame;
        var words = Encoding.ASCII.GetString(frame, 0, end).Split(' ');
        words[random.Next(Math.Min(1, words.Length - 1), words.Length)] = Numbers[random.Next(Numbers.Length)];
        return [.. Encoding.ASCII.GetBytes(string.Join(' ', words)), .. frame.AsSpan(end)];
    }

    /// <summary>Other bytes behind the header, whose length and, in a page, digest are theirs.</summary>
    private static byte[] WithOtherLines(byte[] frame, Random random)
    {
        var end = Array.IndexOf(frame, (byte)'\n');
        if (end < 0 || end + 1 == frame.Length) return frame;
        var words = Encoding.ASCII.GetString(frame, 0, end).Split(' ');
        var lines = random.Next(2) == 0 ? WithOtherNumber(frame[(end + 1)..], random)
            : WithOtherBytes(frame[(end + 1)..], random);
        var length = words[0] == "PAGE" ? words.Length - 2 : words.Length - 1;
        words[length] = $"{lines.Length}";
        if (words[0] == "PAGE") words[^1] = Sha256Digest.Of(lines).ToString();
        return [.. Encoding.ASCII.GetBytes(string.Join(' ', words)), (byte)'\n', .. lines];
    }

    private static byte[] WithOtherBytes(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        switch (random.Next(6))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 2: return [.. bytes[..at], .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(1, 20)))];
            case 3: return [.. bytes[..at], .. Enumerable.Repeat((byte)'9', random.Next(1, 700)), .. bytes[at..]];
            case 4: return [.. bytes[..at], (byte)'\n', .. bytes[at..]];
            default:
                var changed = bytes.ToArray();
                if (changed.Length > 0) changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                return changed;
        }
    }
}
