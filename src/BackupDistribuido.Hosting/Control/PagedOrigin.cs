using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Hosting.Control;

/// <summary>An origin under a page.</summary>
public sealed class PagedOrigin(
    INodes nodes, INodeChoices<OriginSettings> choices, NodeContext context, OriginControl control) : IPagedNode
{
    /// <inheritdoc/>
    public string KeptIn => choices.KeptIn;

    /// <inheritdoc/>
    public void Keep(NodeSetup setup) => choices.Keep(setup);

    /// <inheritdoc/>
    public (string Name, Func<CancellationToken, Task<ExitCode>> Run) Prepare(NodeSetup setup)
    {
        var (settings, security) = choices.Read(setup);
        var (controlled, secured) = (settings with { Control = control }, context with { Security = security });
        return (settings.Name.ToString(), stop => nodes.RunOrigin(controlled, secured, stop));
    }

    /// <inheritdoc/>
    public void LetStart(bool may) => control.MayStart = may;

    /// <inheritdoc/>
    public void Pause(bool paused) => control.IsPaused = paused;

    /// <inheritdoc/>
    public IReadOnlyList<string> Paused => [];

    /// <inheritdoc/>
    public VerifyState Verify => VerifyState.Nothing;

    /// <inheritdoc/>
    public void VerifyNow() { }

    /// <inheritdoc/>
    public long? FreeBytes(string folder) => null;

    /// <inheritdoc/>
    public IReadOnlyList<HeldByOrigin> Held(string folder) => [];
}
