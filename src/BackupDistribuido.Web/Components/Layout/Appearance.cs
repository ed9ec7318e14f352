using MudBlazor;

namespace BackupDistribuido.Web.Components.Layout;

/// <summary>Colours and type of the pages; every pair of text and ground has a contrast of 4.5 or more.</summary>
internal static class Appearance
{
    private static readonly string[] Fonts =
        ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1d5fbf",
            Secondary = "#5b5f77",
            Success = "#17693a",
            Warning = "#8a5300",
            Error = "#b3261e",
            Info = "#1d5fbf",
            Background = "#f4f6fa",
            Surface = "#ffffff",
            TextPrimary = "#15202e",
            TextSecondary = "#4a5567",
            LinesDefault = "#d8dee8",
            TableLines = "#e3e8ef",
            Divider = "#d8dee8",
            LinesInputs = "#7a869a",
            ActionDefault = "#4a5567",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8ab4f8",
            PrimaryContrastText = "#10151d",
            Secondary = "#b9c0d4",
            Success = "#7fd69a",
            Warning = "#f5c26b",
            Error = "#ffb4ab",
            Info = "#8ab4f8",
            Background = "#10151d",
            Surface = "#19212c",
            TextPrimary = "#e8edf4",
            TextSecondary = "#aab6c7",
            LinesDefault = "#303b4a",
            TableLines = "#2a3442",
            Divider = "#303b4a",
            LinesInputs = "#7f8da1",
            ActionDefault = "#aab6c7",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.95rem" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = "0.95rem", TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px" },
    };
}
