using System.Globalization;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Assets;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace BackupDistribuido.Web.Components.Layout;

/// <summary>The frame of every page. It looks at the feed a few times a second and hands the state on, so that no part
/// of a page is ever called from outside.</summary>
public sealed partial class MainLayout : LayoutComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private View _view = null!;
    private bool _isDark;
    private IDisposable? _open;
    private ErrorBoundary? _boundary;

    [CascadingParameter]
    internal Visit Visit { get; set; } = null!;

    [Inject]
    private EmbeddedAssets Embedded { get; set; } = null!;

    private string Icon => Embedded["icon.svg"];

    private string Title => _view.State is { Role: not NodeRole.Coordinator, Name: var name }
        ? $"{Role} {name}".TrimEnd() : Role;

    private string Role => Texts.Word("role", _view.State.Role.Code(), _view.Language);

    /// <summary>A sign of life, another one with each state: <c>app.js</c> sees by it whether the page still moves.
    /// Null before it does.</summary>
    private string? Sign =>
        RendererInfo.IsInteractive
            ? _view.State.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        (_view, _isDark) = (new View(Visit.Language, Feed.Current), Visit.IsDark);
        if (_view.State.Role != NodeRole.Coordinator) return;
        // While no page was open the coordinator was not asked: a page must not start with an old status.
        await Feed.AskWhereStaleAsync();
        _view = _view with { State = Feed.Current };
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _open = Feed.Open();
        _ = KeepLooking();
        if (Visit.IsGuessed) await FollowSystemScheme();
    }

    private async Task FollowSystemScheme()
    {
        try
        {
            var dark = await Script.InvokeAsync<bool>("bdist.prefersDark", _closed.Token);
            if (dark == _isDark) return;
            _isDark = dark;
            await Script.InvokeVoidAsync("bdist.scheme", dark ? "dark" : "light");
            StateHasChanged();
        }
        catch (Exception e) when (e is OperationCanceledException or JSException or JSDisconnectedException)
        {
            // The answer was lost with a connection that has broken since; the page is as well off with the guess.
        }
    }

    private async Task KeepLooking()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Feed.PageWait, _closed.Token);
                var state = Feed.Current;
                if (ReferenceEquals(state, _view.State)) continue;
                _view = _view with { State = state };
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page is closed.
        }
    }

    private async Task SwitchLanguage()
    {
        _view = _view with { Language = _view.Language == Language.Spanish ? Language.English : Language.Spanish };
        await Script.InvokeVoidAsync("bdist.remember", Languages.Cookie, Languages.Code(_view.Language));
        await Script.InvokeVoidAsync("bdist.language", Languages.Code(_view.Language));
    }

    private async Task SwitchScheme()
    {
        _isDark = !_isDark;
        var scheme = _isDark ? "dark" : "light";
        await Script.InvokeVoidAsync("bdist.remember", "bdist-scheme", scheme);
        await Script.InvokeVoidAsync("bdist.scheme", scheme);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        _open?.Dispose();
    }
}
