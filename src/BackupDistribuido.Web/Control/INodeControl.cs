namespace BackupDistribuido.Web.Control;

/// <summary>What a page may ask of an origin or a destination. From any thread; what goes wrong shows in
/// <see cref="Current"/>.</summary>
public interface INodeControl
{
    /// <summary>How things are. Nothing in it changes.</summary>
    ControlState Current { get; }

    /// <summary>What a destination has of each origin; nothing at an origin, or before its folder is known.</summary>
    IReadOnlyList<HeldByOrigin> Held { get; }

    /// <summary>Origin and snapshot of what a destination receives and its owner has paused; nothing at an
    /// origin.</summary>
    IReadOnlyList<string> Paused { get; }

    /// <summary>What a destination reads again now; nothing at an origin.</summary>
    VerifyState Verify { get; }

    /// <summary>Asks a destination that runs to read the newest replica of each origin again.</summary>
    void VerifyNow();

    /// <summary>Checks what was filled in, keeps it, and connects. It only connects: copying starts where the setup
    /// says so.</summary>
    Task ConnectAsync(NodeSetup setup);

    /// <summary>Copying may start when enough destinations are there, or may not any more. A run that has begun goes
    /// on.</summary>
    void LetStart(bool may);

    /// <summary>Nothing is sent of an origin's run for now, or it goes on.</summary>
    void Pause(bool paused);

    /// <summary>Leaves: a run that is under way is cancelled, what is published stays.</summary>
    Task StopAsync();

    /// <summary>Looks into a folder that lies in the configured roots; null: names the roots.</summary>
    FolderListing Browse(string? folder);
}
