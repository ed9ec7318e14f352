namespace BackupDistribuido.Tests;

/// <summary>Trees for runs.</summary>
internal static class SampleFiles
{
    /// <summary>Every kind of entry, in more than one page.</summary>
    public static void EveryKind(string source)
    {
        Directory.CreateDirectory(Path.Combine(source, "d", "empty"));
        File.CreateSymbolicLink(Path.Combine(source, "d", "link"), "nowhere");
        File.WriteAllText(Path.Combine(source, "nothing"), "");
        File.WriteAllBytes(Path.Combine(source, "big"), Content(3_000_000, 1));
        for (var i = 0; i < 1500; i++) File.WriteAllText(Path.Combine(source, "d", $"f{i:0000}"), $"{i}");
    }

    /// <summary>More than all buffers between a reader and a writer that hangs can hold.</summary>
    public static void MoreThanAnyBuffer(string source)
    {
        for (var i = 0; i < 48; i++) File.WriteAllBytes(Path.Combine(source, $"f{i:00}"), Content(1_000_000, i));
    }

    /// <summary>Both, the large files last.</summary>
    public static void EveryKindAndMore(string source)
    {
        EveryKind(source);
        MoreThanAnyBuffer(Directory.CreateDirectory(Path.Combine(source, "more")).FullName);
    }

    public static byte[] Content(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
