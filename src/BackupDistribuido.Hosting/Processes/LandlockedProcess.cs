using System.Globalization;
using BackupDistribuido.Storage.Kernel;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Hosting.Processes;

/// <summary>
/// This process under <see cref="Landlock"/>, which applies to a thread and the program that it executes: the thread
/// restricts itself, and then executes the program again. A variable with the process id, which stays the same, tells
/// the program that it has been restarted; with another process id the variable means nothing.
/// </summary>
public sealed class LandlockedProcess : IConfinement
{
    private const string Marker = "BDIST_LANDLOCKED";
    private const string Diagnostics = "DOTNET_EnableDiagnostics";

    // Paths that programs write to routinely: /dev/null, and the terminal that it was started in.
    private static readonly string[] Devices = ["/dev/null", "/dev/tty", "/dev/pts", "/dev/console"];

    private static string Id => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string? WhyMissing => Landlock.Version >= Landlock.FirstWithRenames ? null
        : Landlock.Version > 0 ? "this kernel's Landlock is too old to allow renames (Linux 5.19 is needed)"
        : "this kernel has no Landlock, or it is switched off (see 'lsm=' on the kernel's command line)";

    /// <inheritdoc/>
    public bool IsOn => Environment.GetEnvironmentVariable(Marker) == Id;

    /// <inheritdoc/>
    public void Enter(IReadOnlyList<string> folders)
    {
        Landlock.RestrictThread(folders, Devices);
        // .NET would make sockets for its debuggers in the temporary folder, where nothing may be made any more.
        var diagnostics = Environment.GetEnvironmentVariable(Diagnostics) ?? "0";
        try
        {
            ProcessImage.StartOver((Marker, Id), (Diagnostics, diagnostics));
        }
        catch (PosixException problem)
        {
            // This thread is bound and the others are not: no state to go on in.
            throw new CommandFailure(Core.Exits.ExitCode.Unexpected,
                $"can't start over under Landlock: {problem.Message}; set backup.destination.landlock = off to go "
                + "without", problem);
        }
    }
}
