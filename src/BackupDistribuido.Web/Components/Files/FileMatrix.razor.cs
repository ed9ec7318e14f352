using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace BackupDistribuido.Web.Components.Files;

/// <summary>
/// Which file of a run or a snapshot is at which destination. Only the rows in sight are asked for and rendered.
/// Browsers can't scroll much further than 17 million pixels, so that very many files come in blocks of
/// <see cref="Block"/>.
/// </summary>
public sealed partial class FileMatrix : LivePart
{
    /// <summary>Rows that one scrolling goes through.</summary>
    public const long Block = 250_000;

    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private Virtualize<FileRow>? _rows;
    private FilePage _page = FilePage.Without(Reason.Text("…"));
    private string _search = "";
    private bool _onlyMissing;
    private long _block;
    private FilesOf? _asked;
    private DateTimeOffset _refreshed;

    /// <summary>Whose files.</summary>
    [Parameter, EditorRequired]
    public FilesOf Of { get; set; } = null!;

    /// <summary>How many rows this scrolls through.</summary>
    private long InBlock => Math.Clamp(_page.Matching - _block * Block, 0, Block);

    private string Summary =>
        _page.Problem is not null
            ? "" : T($"{Number(_page.Matching)} of {Number(_page.Known)}",
                $"{Number(_page.Matching)} de {Number(_page.Known)}");

    private static string Tone(char holding) => holding switch { '1' => "has", '?' => "unsaid", _ => "lacks" };

    private string Said(char holding) => Told($"cell.{Tone(holding)}");

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Of == _asked && State.Time - _refreshed < Refresh) return;
        (_asked, _refreshed) = (Of, State.Time);
        await Again();
    }

    private async Task Again()
    {
        if (_rows is null) _page = await Ask(0, 0, CancellationToken.None);
        else await _rows.RefreshDataAsync();
    }

    private Task<FilePage> Ask(long skip, int take, CancellationToken cancel) =>
        Feed.FilesAsync(Of, new FileQuery(_search, _onlyMissing, skip, take), cancel);

    private async ValueTask<ItemsProviderResult<FileRow>> Provide(ItemsProviderRequest request)
    {
        FilePage page;
        try
        {
            page = await Ask(_block * Block + request.StartIndex, Math.Min(request.Count, FileQuery.Most),
                request.CancellationToken);
        }
        catch (OperationCanceledException) when (request.CancellationToken.IsCancellationRequested)
        {
            // The token tells that these rows are no longer wanted.
            throw new OperationCanceledException(request.CancellationToken);
        }
        if (page.Problem is null && _block > 0 && page.Matching <= _block * Block)
        {
            // So few are left that this block is beyond the last one.
            _block = Math.Max(0, (page.Matching - 1) / Block);
            page = await Ask(_block * Block, Math.Min(request.Count, FileQuery.Most), request.CancellationToken);
        }
        var hasChanged = page.Matching != _page.Matching || page.Known != _page.Known || page.Problem != _page.Problem
            || !page.Destinations.SequenceEqual(_page.Destinations);
        _page = page;
        if (hasChanged) StateHasChanged();
        return new ItemsProviderResult<FileRow>(page.Rows, (int)InBlock);
    }

    private Task OnSearch(ChangeEventArgs change)
    {
        (_search, _block) = (change.Value?.ToString() ?? "", 0);
        return Again();
    }

    private Task OnMissing(ChangeEventArgs change)
    {
        (_onlyMissing, _block) = (change.Value is true, 0);
        return Again();
    }

    private Task Turn(int blocks)
    {
        _block += blocks;
        return Again();
    }
}
