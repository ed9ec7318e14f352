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
    public static string Left(double? seconds, View view) => seconds is { } left
        ? view.Say($"about {Figures.Span(TimeSpan.FromSeconds(left))} left",
            $"falta {Figures.Span(TimeSpan.FromSeconds(left))} aprox.")
        : view.Say($"time left: {Unknown}", $"tiempo restante: {Unknown}");

    /// <summary><c>waits for nas, 24 s left</c>.</summary>
    public static string Wait(RunWait wait, View view)
    {
        var names = string.Join(", ", wait.For);
        var whom = wait.For.Count == 0
            ? view.Say("waits for more destinations", "espera más destinos")
            : view.Say($"waits for {names}", $"espera a {names}");
        if (wait.SecondsLeft is not { } left) return whom;
        return view.Say($"{whom}, {Figures.Span(TimeSpan.FromSeconds(left))} left",
            $"{whom}, quedan {Figures.Span(TimeSpan.FromSeconds(left))}");
    }
}
