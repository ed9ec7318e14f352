using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Hosting.Events;

/// <summary>The progress of a run or a copy, in words. An unknown value is a dash.</summary>
public static class ProgressText
{
    private const string Unknown = "—";

    /// <summary>The progress of a run, in one line.</summary>
    public static string Line(DeliveryProgress run) =>
        FormattableString.Invariant($"{run.Progress.Percent} %: {Amount(run.Progress, run.Tree)}; {Now(run)}");

    /// <summary><c>1.1 GiB of 2.0 GiB safe: 2 copies of 1.0 GiB, 1,000 files</c>.</summary>
    public static string Amount(RunProgress progress, TreeTotals tree)
    {
        var copies = tree.Bytes > 0
            ? $"{Words.Count(progress.Total / tree.Bytes, "copy")} of {Words.Bytes(tree.Bytes)}, " : "";
        var again = progress.Again > 0 ? $", {Words.Bytes(progress.Again)} to be sent again" : "";
        return $"{Words.Bytes(progress.Safe)} of {Words.Bytes(progress.Total)} safe: "
            + $"{copies}{Words.Count(tree.Files, "file")}{again}";
    }

    /// <summary>
    /// The current activity: the destinations that the run waits for and how long, what is made durable, or the speed
    /// and the time left.
    /// </summary>
    public static string Now(DeliveryProgress run)
    {
        var busy = run.Copies.Where(copy => copy.Value.Standing != MemberStanding.Stored)
            .OrderBy(copy => copy.Key.ToString(), StringComparer.Ordinal).ToList();
        var names = string.Join(", ", busy.Select(copy => copy.Key));
        if (run.Progress.Wait is { } wait) return Wait(wait);
        if (run.Progress.IsReached)
            return busy.Count == 0
                ? "the required copies are stored"
                : $"the required copies are stored; {names} {(busy.Count == 1 ? "is" : "are")} still copying";
        if (busy.Count > 0 && busy.TrueForAll(copy => copy.Value.Standing == MemberStanding.Publishing))
            return $"waiting until it is durable at {names}";
        return Pace(run.Progress.Rate, run.Progress.SecondsLeft);
    }

    /// <summary><c>57 %, 1.1 GiB of 2.0 GiB, 12.3 MiB/s, 45 s left</c>.</summary>
    public static string Copy(CopyProgress copy)
    {
        var pace = copy.Standing == MemberStanding.Publishing ? Of(copy.Standing) : Pace(copy.Rate, copy.SecondsLeft);
        return copy.Total == 0
            ? $"{Words.Bytes(copy.Done)}, {pace}"
            : FormattableString.Invariant(
                $"{copy.Percent} %, {Words.Bytes(copy.Done)} of {Words.Bytes(copy.Total)}, {pace}");
    }

    /// <summary><c>12.3 MiB/s, 45 s left</c>.</summary>
    public static string Pace(double? rate, double? left) => (rate, left) switch
    {
        (null, null) => $"speed {Unknown}, time left {Unknown}",
        (null, { } seconds) => $"speed {Unknown}, {Words.Span(seconds)} left",
        ({ } bytes, null) => $"{Words.Bytes(bytes)}/s, time left {Unknown}",
        ({ } bytes, { } seconds) => $"{Words.Bytes(bytes)}/s, {Words.Span(seconds)} left",
    };

    /// <summary><c>waits for nas, 24 s left</c>.</summary>
    public static string Wait(RunWait wait) => ProgressPhrases.Wait(wait, Words.Span).ToString();

    /// <summary>The activity of a destination in the run.</summary>
    public static string Of(MemberStanding standing) => Texts.Word("copy-state", standing.Code(), Language.English);
}
