namespace BackupDistribuido.Web.Control;

/// <summary>
/// What a page may ask of an origin or a destination. From any thread; errors appear in <see cref="Current"/>.
/// </summary>
public interface INodeControl
{
    /// <summary>How things are. Nothing in it changes.</summary>
    ControlState Current { get; }

    /// <summary>
    /// The snapshots of each origin at a destination; empty at an origin, or before its folder is known.
    /// </summary>
    IReadOnlyList<HeldByOrigin> Held { get; }

    /// <summary>
    /// Origin and snapshot of a run that a destination receives and its owner has paused; null at an origin.
    /// </summary>
    IReadOnlyList<string> Paused { get; }

    /// <summary>The snapshots that a destination is re-reading; empty at an origin.</summary>
    VerifyState Verify { get; }

    /// <summary>Asks a destination that runs to read the newest replica of each origin again.</summary>
    void VerifyNow();

    /// <summary>Checks the settings, keeps them, and connects. Copying starts only if the setup says so.</summary>
    Task ConnectAsync(NodeSetup setup);

    /// <summary>
    /// Allows copying to start when enough destinations are connected, or stops allowing it. A run that has begun goes
    /// on.
    /// </summary>
    void LetStart(bool may);

    /// <summary>Pauses or resumes an origin's run.</summary>
    void Pause(bool paused);

    /// <summary>Disconnects: a run that is under way is cancelled, what is published stays.</summary>
    Task StopAsync();

    /// <summary>Looks into a folder that lies in the configured roots; null: names the roots.</summary>
    FolderListing Browse(string? folder);
}
