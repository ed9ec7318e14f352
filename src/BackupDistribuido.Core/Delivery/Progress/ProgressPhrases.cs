using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Delivery.Progress;

/// <summary>The progress of a run, in words.</summary>
public static class ProgressPhrases
{
    /// <summary><c>waits for nas, 24 s left</c>.</summary>
    /// <param name="span">Writes a duration, given in seconds.</param>
    public static Phrase Wait(RunWait wait, Func<double, string> span)
    {
        var left = wait.SecondsLeft is { } seconds ? new Phrase("progress.wait-left", ("left", span(seconds))) : null;
        return wait.For.Count == 0 ? new Phrase("progress.wait-for-any", ("left", left))
            : new Phrase("progress.wait", ("names", string.Join(", ", wait.For)), ("left", left));
    }
}
