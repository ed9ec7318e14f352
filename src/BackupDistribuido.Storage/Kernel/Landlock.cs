using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Kernel;

/// <summary>
/// Landlock (landlock(7)): takes from a thread, and from all that it starts or becomes by execve, the right to write
/// anywhere but below given folders. It binds the calling thread, never the others of its process. Creating, removing,
/// renaming, opening for writing and truncating are held to it; it does not know of modes, owners, times and extended
/// attributes, of reading, or of the network, which stay as they are.
/// </summary>
public static class Landlock
{
    /// <summary>The first version in which a rename from one directory to another can be allowed at all: publishing is
    /// one.</summary>
    public const int FirstWithRenames = 2;

    // LANDLOCK_ACCESS_FS_…
    private const ulong WriteFile = 1 << 1, RemoveAndMake = 0x1FF0, Refer = 1 << 13, Truncate = 1 << 14;

    private const int FirstWithTruncate = 3;

    /// <summary>The kernel's version of it; 0 where it has none, or a filter forbids to ask.</summary>
    public static int Version { get; } = AskVersion();

    private static unsafe int AskVersion()
    {
        const uint version = 1;
        return (int)Math.Max(0, Libc.landlock_create_ruleset(Libc.LandlockCreateNumber, null, 0, version));
    }

    /// <summary>Restricts the calling thread for good. It can't gain privileges by execve any more either
    /// (no_new_privs).</summary>
    /// <param name="folders">Where all may be done, and below.</param>
    /// <param name="devices">What else may be opened for writing; missing ones are skipped.</param>
    /// <exception cref="PosixException">A folder can't be opened, or the kernel refused; the thread is as it was, but
    /// for no_new_privs.</exception>
    public static void RestrictThread(IEnumerable<string> folders, IEnumerable<string> devices)
    {
        using var ruleset = Handle(out var handled);
        foreach (var folder in folders) Allow(ruleset, folder, handled).OrThrow("landlock_add_rule", folder);
        foreach (var device in devices)
            Allow(ruleset, device, WriteFile).Except(Errno.NoEntry).OrThrow("landlock_add_rule", device);
        Restrict(ruleset);
    }

    private static unsafe Descriptor Handle(out ulong handled)
    {
        handled = WriteFile | RemoveAndMake | Refer | (Version >= FirstWithTruncate ? Truncate : 0);
        // The first version's struct is enough: it has exactly these rights.
        var attributes = handled;
        var number = Libc.landlock_create_ruleset(Libc.LandlockCreateNumber, &attributes, sizeof(ulong), 0);
        Descriptor.Opened((int)number, out var ruleset).OrThrow("landlock_create_ruleset", "Landlock");
        return ruleset;
    }

    private static unsafe Errno Allow(Descriptor ruleset, string path, ulong rights)
    {
        const int pathBeneath = 1;
        var errno = Descriptor.WorkingDirectory.Open(System.Text.Encoding.UTF8.GetBytes(path), OpenFlags.PathOnly,
            out var parent);
        using (parent)
        {
            if (errno != Errno.None) return errno;
            var rule =
                new Libc.LandlockPathBeneath { AllowedAccess = rights, Parent = (int)parent.DangerousGetHandle() };
            return Descriptor.Result((int)Libc.landlock_add_rule(Libc.LandlockAddNumber, ruleset, pathBeneath, &rule,
                0));
        }
    }

    private static void Restrict(Descriptor ruleset)
    {
        const int setNoNewPrivileges = 38;
        Descriptor.Result(Libc.prctl(setNoNewPrivileges, 1, 0, 0, 0)).OrThrow("prctl", "no_new_privs");
        Descriptor.Result((int)Libc.landlock_restrict_self(Libc.LandlockRestrictNumber, ruleset, 0))
            .OrThrow("landlock_restrict_self", "Landlock");
    }
}
