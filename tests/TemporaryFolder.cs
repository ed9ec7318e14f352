using System.Diagnostics;
using System.Text;

namespace BackupDistribuido.Tests;

/// <summary>A folder of its own for one test, removed with all that is in it. Every test project that works on folders
/// compiles this file.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>A folder on a disk, wherever temporary ones are: a file system in memory has no change times that could
    /// be believed.</summary>
    public const string OnDisk = "/var/tmp";

    private const string InMemory = "/dev/shm";

    /// <summary>What all tests that run at one time need in memory, several times over, in bytes.</summary>
    private const long Room = 4L << 30;

    /// <summary>Where TMPDIR says, else in memory where there is room (a container may have 64 MiB): a test that needs
    /// a disk asks for one.</summary>
    private static readonly string Usual =
        Environment.GetEnvironmentVariable("TMPDIR") is null && HasRoom(InMemory)
            ? InMemory : System.IO.Path.GetTempPath();

    public TemporaryFolder(string? below = null)
    {
        Path = System.IO.Path.Combine(below ?? Usual, $"bdist-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    // Storage is about disks: its tests run on one.
    private static bool HasRoom(string folder) =>
#if TESTS_OF_DISKS
        false;
#else
        Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace > Room;
#endif

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string MakeDirectory(string name) => Directory.CreateDirectory(this[name]).FullName;

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Runs a bash script in the folder; its exit code and what it printed, byte for byte.</summary>
    public (int Exit, string Output) Run(string script, string? inFolder = null)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", script + "\n"])
        {
            WorkingDirectory = inFolder ?? Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Runs a script that has to succeed.</summary>
    public string Do(string script)
    {
        var (exit, output) = Run("set -eo pipefail\n" + script);
        Assert.True(exit == 0, $"{script}\nexit {exit}: {output}");
        return output;
    }

    /// <summary>What a test has mounted below it goes first, the innermost first: it is not removed, and does not
    /// stay.</summary>
    public void Dispose() => Run($"""
        grep -F ' {Path}/' /proc/self/mounts | cut -d ' ' -f 2 | tac | xargs -r -d '\n' umount --lazy
        chmod -R u+rwx . 2>/dev/null; rm -rf '{Path}'
        """);
}
