using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>Names the first skipped entries of a run and counts the rest, which the log has.</summary>
internal sealed class SkippedList
{
    /// <summary>So many are named.</summary>
    public const int Max = 100;

    private int _count;

    /// <summary>Counts one; true where it is to be named.</summary>
    public bool Add(EntrySkipped _) => ++_count <= Max;

    /// <summary>The line about entries that were not named; null if all were.</summary>
    public string? More =>
        _count > Max ? FormattableString.Invariant($"skipped: and {_count - Max} more; see the log") : null;
}
