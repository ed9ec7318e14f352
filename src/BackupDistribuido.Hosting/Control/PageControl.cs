using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Web.Control;
using BackupDistribuido.Web.Feed;

namespace BackupDistribuido.Hosting.Control;

/// <summary>An origin or a destination that its page connects and disconnects, again and again, within one
/// process.</summary>
/// <param name="kind">The kind of node.</param>
/// <param name="first">The initial values of the form.</param>
/// <param name="folders">The folders that may be chosen.</param>
/// <param name="folderIsFixed">Why no other folder can be chosen; null: one can.</param>
public sealed class PageControl(
    IPagedNode kind, NodeSetup first, PageFolders folders, Reason? folderIsFixed, CancellationToken stop)
    : INodeControl, IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Lock _saying = new();
    private volatile ControlState _current =
        new(first, NodePhase.Idle, null, first.StartWhenReady, kind.KeptIn, folderIsFixed);
    private CancellationTokenSource? _leave;
    private Task _running = Task.CompletedTask;

    /// <summary>What its pages read.</summary>
    public NodeFeed Feed { get; set; } = null!;

    /// <summary>The exit code of what ran last.</summary>
    public ExitCode Last { get; private set; } = ExitCode.Success;

    /// <inheritdoc/>
    public ControlState Current => _current with { FreeBytes = kind.FreeBytes(_current.Setup.Folder) };

    /// <inheritdoc/>
    public IReadOnlyList<HeldByOrigin> Held => kind.Held(_current.Setup.Folder);

    /// <inheritdoc/>
    public IReadOnlyList<string> Paused => kind.Paused;

    /// <inheritdoc/>
    public VerifyState Verify => kind.Verify;

    /// <inheritdoc/>
    public void VerifyNow()
    {
        kind.VerifyNow();
        Feed.Touch();
    }

    /// <inheritdoc/>
    public FolderListing Browse(string? folder) => folders.Browse(folder);

    /// <inheritdoc/>
    public void LetStart(bool may)
    {
        kind.LetStart(may);
        try
        {
            // Before it connects nothing is kept.
            if (folderIsFixed is null && _current is { Phase: NodePhase.Running, Setup: var setup })
                kind.Keep(setup with { StartWhenReady = may });
        }
        catch (CommandFailure failure)
        {
            Feed.Report(new Warned(failure.Reason));
        }
        Say(now => now with { Setup = now.Setup with { StartWhenReady = may }, MayStart = may });
    }

    /// <inheritdoc/>
    public void Pause(bool paused)
    {
        kind.Pause(paused);
        Say(now => now with { IsPaused = paused });
    }

    /// <inheritdoc/>
    public async Task ConnectAsync(NodeSetup setup)
    {
        await _oneAtATime.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (!_running.IsCompleted) return;
            if (folderIsFixed is null && setup.Folder != first.Folder && !folders.Contains(setup.Folder))
                throw CommandFailure.Usage(SettingReason.FolderNotAllowed(setup.Folder));
            var (name, run) = kind.Prepare(setup);
            if (folderIsFixed is null) kind.Keep(setup);
            kind.LetStart(setup.StartWhenReady);
            kind.Pause(false);
            Feed.Restart(name);
            Say(now =>
                now with
                {
                    Setup = setup,
                    Phase = NodePhase.Running,
                    Problem = null,
                    MayStart = setup.StartWhenReady,
                    IsPaused = false
                });
            _leave = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _running = RunAsync(run, _leave.Token);
        }
        catch (CommandFailure failure)
        {
            Say(now => now with { Setup = setup, Problem = failure.Reason });
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task<ExitCode>> run, CancellationToken leave)
    {
        try
        {
            Last = await Task.Run(() => run(leave), CancellationToken.None).ConfigureAwait(false);
            Say(now => now with { Phase = leave.IsCancellationRequested ? NodePhase.Idle : NodePhase.Over });
        }
        catch (CommandFailure failure)
        {
            Last = failure.Code;
            Say(now => now with { Phase = NodePhase.Idle, Problem = failure.Reason });
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            Say(now => now with { Phase = NodePhase.Idle });
        }
        catch (Exception defect)
        {
            // The page outlives the node that it started; the log has the rest.
            Last = ExitCode.Unexpected;
            Feed.Report(new Warned(NodeReason.Defect(Reason.Of(defect))));
            Say(now => now with { Phase = NodePhase.Idle, Problem = Reason.Of(defect) });
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        if (_leave is not { } leave || _running.IsCompleted) return;
        Say(now => now.Phase == NodePhase.Running ? now with { Phase = NodePhase.Stopping } : now);
        await leave.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    // A click and the end of what runs may come at once: neither takes the other back.
    private void Say(Func<ControlState, ControlState> change)
    {
        lock (_saying) _current = change(_current);
        Feed.Touch();
    }

    /// <summary>Leaves, if it is connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _leave?.Dispose();
        _oneAtATime.Dispose();
    }
}

/// <summary>What an origin and a destination do differently under a page.</summary>
public interface IPagedNode
{
    /// <summary>The file in which choices are kept.</summary>
    string KeptIn { get; }

    /// <summary>Checks the form: the node's name, and the function that runs it.</summary>
    /// <exception cref="CommandFailure">It is not right, with the reason.</exception>
    (string Name, Func<CancellationToken, Task<ExitCode>> Run) Prepare(NodeSetup setup);

    /// <summary>Keeps the settings for the next start.</summary>
    /// <exception cref="CommandFailure">It can't be kept, with the reason.</exception>
    void Keep(NodeSetup setup);

    /// <summary>Whether a run may begin.</summary>
    void LetStart(bool may);

    /// <summary>Pauses or resumes the run.</summary>
    void Pause(bool paused);

    /// <summary>What stands still by an origin's wish.</summary>
    IReadOnlyList<string> Paused { get; }

    /// <summary>Re-reads the snapshots of a destination.</summary>
    VerifyState Verify { get; }

    /// <summary>Asks a destination to read its replicas again.</summary>
    void VerifyNow();

    /// <summary>Room where the folder is; null where that is of no interest, or not known.</summary>
    long? FreeBytes(string folder);

    /// <summary>Snapshots in the folder.</summary>
    IReadOnlyList<HeldByOrigin> Held(string folder);
}
