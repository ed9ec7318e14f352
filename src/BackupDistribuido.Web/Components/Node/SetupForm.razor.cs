using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Control;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Components.Node;

/// <summary>Where an origin or a destination is set up, connected and disconnected.</summary>
public sealed partial class SetupForm : LivePart
{
    private string _folder = "", _name = "", _coordinator = "";
    private int _copies = 1;
    private bool _mayStart, _isBrowsing;

    /// <summary>The node.</summary>
    [Parameter, EditorRequired]
    public INodeControl Control { get; set; } = null!;

    private bool IsOrigin => State.Role == NodeRole.Origin;

    /// <summary>While it is connected nothing can be changed but the start.</summary>
    private bool IsConnected => Control.Current.Phase is NodePhase.Running or NodePhase.Stopping;

    /// <summary>Nor can it before the page listens: what was typed would be lost.</summary>
    private bool IsLocked => IsConnected || !RendererInfo.IsInteractive;

    private string StopText => IsOrigin && State.Own.Run is not null ? T("Cancel the run", "Cancelar la ejecución") : T("Disconnect", "Desconectar");

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        var setup = Control.Current.Setup;
        (_folder, _name, _coordinator, _copies, _mayStart) = (setup.Folder, setup.Name, setup.Coordinator, setup.Copies, Control.Current.MayStart);
    }

    private async Task Connect()
    {
        _isBrowsing = false;
        await Control.ConnectAsync(new NodeSetup(_folder.Trim(), _name.Trim(), _coordinator.Trim(), _copies, _mayStart));
    }

    private void Choose(string folder) => (_folder, _isBrowsing) = (folder, false);

    private void OnMayStart(ChangeEventArgs change)
    {
        _mayStart = change.Value is true;
        Control.LetStart(_mayStart);
    }
}
