using System.Diagnostics;

namespace BackupDistribuido.EndToEnd.Tests.Processes;

/// <summary>Starts <c>bdist</c> as it was built, with its logs and its state in a test's own folder.</summary>
internal sealed class Bdist : IDisposable
{
    private readonly ITestOutputHelper _log;
    private readonly List<BdistProcess> _started = [];

    public Bdist(ITestOutputHelper log)
    {
        _log = log;
        Config("node.conf", "");
    }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The folder that the program is in: as it was built for the tests, or where <c>BDIST_PROGRAM</c> says,
    /// for one that was published.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("BDIST_PROGRAM")
        ?? AppContext.BaseDirectory;

    /// <summary>The folder with a build of an earlier commit, whose nodes speak version 1 of the link protocol only;
    /// null: there is none. <c>.ci/run</c> makes one.</summary>
    public static string? Earlier { get; } = Environment.GetEnvironmentVariable("BDIST_EARLIER") is { Length: > 0 } folder
        ? folder : null;

    /// <summary>The folder of what the tests bring along: <c>hocon</c>, <c>network</c>.</summary>
    public static string Beside => AppContext.BaseDirectory;

    /// <summary>A HOCON file that also keeps the logs and a coordinator's record in the test's folder; its
    /// path.</summary>
    public string Config(string name, string text) =>
        Folder.Write(name,
            $"backup.ui = off\n{text}\nbackup.log.folder = \"{Folder["logs"]}\"\nbackup.origin.record-folder = "
            + $"\"{Folder["state"]}\"\nbackup.copy.record-folder = \"{Folder["state"]}\"\nbackup.coordinator.data = "
            + $"\"{Folder["record"]}\"\n");

    /// <summary>Starts a node that says what happens in JSON.</summary>
    public BdistProcess Start(params string[] arguments) => StartAs([Path.Combine(Program, "bdist")], arguments);

    /// <summary>As <see cref="Start"/>, with a program that starts it (<c>setpriv … bdist</c>).</summary>
    public BdistProcess StartAs(string[] program, params string[] arguments)
    {
        string[] json = arguments.Contains("--output") ? [] : ["--output", "json"];
        string[] config = arguments.Contains("--config") ? [] : ["--config", Folder["node.conf"]];
        return StartBare(program, [.. arguments, .. json, .. config]);
    }

    /// <summary>Starts it with exactly these arguments.</summary>
    public BdistProcess StartBare(string[] program, params string[] arguments)
    {
        // Whoever starts the tests in the background or under nohup ignores signals for all that come after; the
        // program would go on doing so.
        var start = new ProcessStartInfo("/usr/bin/env",
            ["--default-signal=INT,HUP,TERM", .. program, .. arguments])
        { WorkingDirectory = Folder.Path };
        start.Environment["XDG_STATE_HOME"] = Folder["state"];
        start.Environment["HOME"] = Folder.Path;
        // The test host's own settings are none of the program's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CORECLR_", StringComparison.Ordinal)
            || name.StartsWith("VSTEST_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        var process = new BdistProcess(start, $"{_started.Count + 1} {string.Join(' ', arguments)}");
        _started.Add(process);
        return process;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<BdistProcess> Run(params string[] arguments)
    {
        var process = Start(arguments);
        await process.Exit();
        return process;
    }

    /// <summary>Ends a process and keeps nothing of what it said: for tests of so many processes that nobody would read
    /// it.</summary>
    public void Forget(params BdistProcess[] processes)
    {
        foreach (var process in processes.Where(_started.Remove)) process.Dispose();
    }

    /// <summary>Says what was measured; a test's log keeps it.</summary>
    public void Note(string text) => _log.WriteLine(text);

    public void Dispose()
    {
        foreach (var process in _started)
        {
            _log.WriteLine(process.ToString());
            process.Dispose();
        }
        Folder.Dispose();
    }
}
