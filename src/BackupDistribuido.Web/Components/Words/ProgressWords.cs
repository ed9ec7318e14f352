using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>The progress of a run or a copy, in the page's language. An unknown value is a dash.</summary>
internal static class ProgressWords
{
    private const string Unknown = "—";

    /// <summary><c>12.3 MiB/s</c>.</summary>
    public static string Rate(double? rate, View view) =>
        rate is { } bytes ? $"{Figures.Bytes((long)bytes, view.Language)}/s" : Unknown;

    /// <summary><c>about 45 s left</c>.</summary>
    public static string Left(double? seconds, View view) => Texts.Of(seconds is { } left
        ? new Phrase("progress.left", ("left", Figures.Span(TimeSpan.FromSeconds(left))))
        : new Phrase("progress.left-unknown"), view.Language);

    /// <summary><c>waits for nas, 24 s left</c>.</summary>
    public static string Wait(RunWait wait, View view) =>
        Texts.Of(ProgressPhrases.Wait(wait, seconds => Figures.Span(TimeSpan.FromSeconds(seconds))), view.Language);
}
