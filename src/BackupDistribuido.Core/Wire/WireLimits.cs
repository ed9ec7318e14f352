using BackupDistribuido.Core.Trees.Lines;

namespace BackupDistribuido.Core.Wire;

/// <summary>Every limit of the link protocol (docs/protocol.md, "Limits"). Each is enforced before anything is
/// allocated for what it limits.</summary>
public static class WireLimits
{
    /// <summary>Longest header line in bytes, with its LF.</summary>
    public const int HeaderBytes = 512;

    /// <summary>Most content bytes in one DATA frame.</summary>
    public const int DataBytes = 256 * 1024;

    /// <summary>Most bytes of a hole in one HOLE frame: a receiver hashes that many zeros in about a second.</summary>
    public const int HoleBytes = 1024 * 1024 * 1024;

    /// <summary>Most bytes in one manifest page. Every entry line fits (see
    /// <see cref="EntryLine.MaxBytes"/>).</summary>
    public const int PageBytes = 256 * 1024;

    /// <summary>Most entries in one manifest page.</summary>
    public const int PageEntries = 1024;

    /// <summary>How many pages may be announced from the first one whose content is not all there.</summary>
    public const int PagesAhead = 16;

    /// <summary>Most bytes of needs for one page.</summary>
    public const int NeedBytes = 32 * 1024;

    /// <summary>Most ranges of one file's needs, or of one request.</summary>
    public const int Ranges = 64;

    /// <summary>Most bytes of one request's ranges: 64 of them fit.</summary>
    public const int WantBytes = 4 * 1024;

    /// <summary>Most requests for content that may wait for an answer.</summary>
    public const int Requests = 64;

    /// <summary>Most bytes of an error's text.</summary>
    public const int ErrorTextBytes = 300;

    /// <summary>Most bytes of any frame's payload.</summary>
    public const int PayloadBytes = 256 * 1024;

    /// <summary>Most bytes of one whole frame.</summary>
    public const int FrameBytes = HeaderBytes + PayloadBytes;

    /// <summary>Highest entry number.</summary>
    public const long MaxEntry = 9_999_999_999;

    /// <summary>Highest page number.</summary>
    public const int MaxPage = 999_999_999;

    /// <summary>How long a stranger may stay without a whole greeting.</summary>
    public static readonly TimeSpan GreetingTime = TimeSpan.FromSeconds(8);

    /// <summary>How often both sides say ALIVE.</summary>
    public static readonly TimeSpan AlivePeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long a side may be silent before the other one gives the link up.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    /// <summary>From the seal on, how long a child may take at least until its replica is durable.</summary>
    public static readonly TimeSpan Done = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan DoneOfEntry = TimeSpan.FromMilliseconds(5);
    private const long Unwritten = 64L << 30, SlowDisk = 10L << 20;

    /// <summary>How much longer it may take with a tree of that size: for each entry, whose metadata is written then,
    /// and for content that its system may not have written yet.</summary>
    public static TimeSpan DoneMore(long entries, long bytes) =>
        (DoneOfEntry * entries) + TimeSpan.FromSeconds((double)Math.Min(bytes, Unwritten) / SlowDisk);
}
