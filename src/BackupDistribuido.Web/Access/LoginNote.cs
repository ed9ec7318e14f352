namespace BackupDistribuido.Web.Access;

/// <summary>The message about the last attempt to someone without a session.</summary>
internal abstract record LoginNote
{
    private LoginNote() { }

    /// <summary>There was none.</summary>
    public static LoginNote None { get; } = new Nothing();

    /// <summary>There was none.</summary>
    public sealed record Nothing : LoginNote;

    /// <summary>The password was another one.</summary>
    public sealed record Wrong : LoginNote
    {
        /// <summary>The only one.</summary>
        public static Wrong Instance { get; } = new();
    }

    /// <summary>It was not looked at: there were too many wrong ones from that address, or another one is being looked
    /// at.</summary>
    public sealed record Wait(int Seconds) : LoginNote;
}
