using BackupDistribuido.Core.Naming;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Control;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Components.Node;

/// <summary>Where an origin or a destination is set up, connected and disconnected.</summary>
public sealed partial class SetupForm : LivePart
{
    private string _folder = "", _name = "", _coordinator = "";
    private int _copies = 1;
    private bool _mayStart, _isBrowsing, _isAsking;

    /// <summary>The node.</summary>
    [Parameter, EditorRequired]
    public INodeControl Control { get; set; } = null!;

    private bool IsOrigin => State.Role == NodeRole.Origin;

    /// <summary>While it is connected nothing can be changed but the start.</summary>
    private bool IsConnected => Control.Current.Phase is NodePhase.Running or NodePhase.Stopping;

    /// <summary>Disabled until the page is interactive: text typed before would be lost.</summary>
    private bool IsLocked => IsConnected || !RendererInfo.IsInteractive;

    private bool IsRunning => IsOrigin && State.Own is { Run: not null, End: null };

    /// <summary>Whether it is asked if the run is to be cancelled: only while there is one.</summary>
    private bool IsAsking => _isAsking && IsRunning && Control.Current.Phase == NodePhase.Running;

    private string WhatBecomes
    {
        get
        {
            var (stored, required) =
                (State.Own.Stored.Length, State.Own.Counts?.Required ?? Control.Current.Setup.Copies);
            var end = stored >= required
                ? T($"It will end protected {stored}/{required}; destinations that have not finished get no copy.",
                    $"Terminará protegida {stored}/{required}; los destinos que no han terminado quedan sin copia.")
                : stored > 0
                ? T($"It will end at risk: {stored} of {required} copies are stored, and they stay.",
                    $"Terminará en riesgo: hay {stored} de {required} copias guardadas, y se conservan.")
                : T("It will end as failed: no copy is stored.",
                    "Terminará como fallida: no hay ninguna copia guardada.");
            return T(
                $"Nothing more is sent. {end} What destinations have received so far is kept for the next run. Earlier "
                + "snapshots are not touched.",
                $"No se envía nada más. {end} Lo que los destinos han recibido se guarda para la próxima ejecución. "
                + "Las instantáneas anteriores no se tocan.");
        }
    }

    private string StopText =>
        IsRunning ? T("Cancel the run", "Cancelar la ejecución") : T("Disconnect", "Desconectar");

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        var setup = Control.Current.Setup;
        (_folder, _name, _coordinator, _copies, _mayStart) =
            (setup.Folder, setup.Name, setup.Coordinator, setup.Copies, Control.Current.MayStart);
    }

    private async Task Connect()
    {
        _isBrowsing = false;
        await Control.ConnectAsync(new NodeSetup(_folder.Trim(), _name.Trim(), _coordinator.Trim(), _copies,
            _mayStart));
    }

    /// <summary>A run is not cancelled by one click: the page first says what happens to it.</summary>
    private Task Stop()
    {
        _isAsking = IsRunning;
        return _isAsking ? Task.CompletedTask : Control.StopAsync();
    }

    private Task StopForGood()
    {
        _isAsking = false;
        return Control.StopAsync();
    }

    private void Choose(string folder) => (_folder, _isBrowsing) = (folder, false);

    private void OnMayStart(ChangeEventArgs change)
    {
        _mayStart = change.Value is true;
        Control.LetStart(_mayStart);
    }
}
