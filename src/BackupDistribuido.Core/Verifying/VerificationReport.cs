using System.Diagnostics.CodeAnalysis;
using System.Text;
using BackupDistribuido.Core.Replicas;

namespace BackupDistribuido.Core.Verifying;

/// <summary>An entry of a replica that differs from the manifest.</summary>
/// <param name="Path">Its path as people read it, as <see cref="Verification.Shown"/> makes it.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record FaultyEntry(string Path, EntryFault Fault);

/// <summary>
/// A verification with the first wrong entries, as a destination stores it. The verification's line, then a line
/// <c>FAULT PATH</c> for each; at most <see cref="MaxBytes"/>.
/// </summary>
/// <param name="Verdict">The result.</param>
/// <param name="First">The first that are not right, at most <see cref="MostNamed"/>; none of a sound replica.</param>
public sealed record VerificationReport(Verification Verdict, IReadOnlyList<FaultyEntry> First)
{
    /// <summary>Most entries that are named.</summary>
    public const int MostNamed = 20;

    /// <summary>Most bytes of the text in UTF-8, without its last LF.</summary>
    public const int MaxBytes = 4000;

    /// <summary>
    /// What is known of a replica together with faults found in it on another occasion. Null if they are not new.
    /// </summary>
    /// <param name="known">Its last verification; null: it was never read again.</param>
    /// <param name="faults">The faults, at least one.</param>
    /// <param name="time">When that was.</param>
    public static VerificationReport? Joined(VerificationReport? known, IReadOnlyList<FaultyEntry> faults,
        DateTimeOffset time)
    {
        var before = known is { Verdict: Verification.Damaged } ? known.First : [];
        var fresh = faults.Where(one => !before.Any(named => named.Path == one.Path)).ToList();
        var count = known?.Verdict is Verification.Damaged damaged ? damaged.Entries : 0;
        // Beyond the named ones it is unknown which were counted: there are at least as many as were found at once.
        if (fresh.Count == 0 || (before.Count >= MostNamed && count >= faults.Count)) return null;
        var entries = before.Count >= MostNamed || count > before.Count
            ? Math.Max(count, faults.Count) : count + fresh.Count;
        List<FaultyEntry> first = [.. before.Concat(fresh).Take(MostNamed)];
        return new VerificationReport(new Verification.Damaged(time, entries, first[0].Path), first);
    }

    /// <summary>The text. Entries that don't fit any more are left out.</summary>
    public string Format()
    {
        var text = new StringBuilder(Verdict.ToString());
        var bytes = Encoding.UTF8.GetByteCount(Verdict.ToString());
        foreach (var entry in First.Take(MostNamed))
        {
            var line = $"\n{EntryFaults.Spell(entry.Fault)} {Verification.Shown(entry.Path)}";
            bytes += Encoding.UTF8.GetByteCount(line);
            if (bytes > MaxBytes) break;
            text.Append(line);
        }
        return text.ToString();
    }

    /// <summary>Reads what <see cref="Format"/> has written, and nothing else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out VerificationReport? report)
    {
        report = null;
        var lines = text.Split('\n');
        if (lines.Length > MostNamed + 1 || !Verification.TryParse(lines[0], out var verdict)
            || (verdict is Verification.Sound && lines.Length > 1)) return false;
        var first = new List<FaultyEntry>();
        foreach (var line in lines[1..])
        {
            var space = line.IndexOf(' ');
            if (space < 0 || !EntryFaults.TryParse(line[..space], out var fault)) return false;
            first.Add(new FaultyEntry(line[(space + 1)..], fault));
        }
        var read = new VerificationReport(verdict, first);
        if (read.Format() == text) report = read;
        return report is not null;
    }
}
