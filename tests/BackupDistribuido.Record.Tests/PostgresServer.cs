using System.Diagnostics;
using Npgsql;

namespace BackupDistribuido.Record.Tests;

/// <summary>
/// A PostgreSQL server of the tests' own, on a Unix socket in a temporary folder, as an unprivileged user: PostgreSQL
/// refuses to run as root. Where there is none, or none can be started, <see cref="WhyMissing"/>
/// says why.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string Nobody = "65534";

    // Short: a socket's whole path has at most 107 bytes.
    private readonly string _folder = Directory.CreateTempSubdirectory("pg-").FullName;
    private readonly string? _programs;
    private int _databases;

    public PostgresServer()
    {
        _programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb"))) : null;
        if (_programs is null)
            WhyMissing = "there is no PostgreSQL server in /usr/lib/postgresql (Debian: apt-get install postgresql)";
        else if (Environment.IsPrivilegedProcess && Do("chown", Nobody, _folder) is { } refused) WhyMissing = refused;
        else WhyMissing = Run("initdb", "-D", Data, "-U", "tests", "-A", "trust", "--no-instructions") ?? Start();
    }

    /// <summary>Null: it runs.</summary>
    public string? WhyMissing { get; private set; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A connection string for a new, empty database.</summary>
    public string NewDatabase()
    {
        var name = $"record{Interlocked.Increment(ref _databases)}";
        Execute(Connection("postgres"), $"CREATE DATABASE {name}");
        return Connection(name);
    }

    /// <summary>Runs a statement.</summary>
    public static void Execute(string connection, string sql)
    {
        using var open = new NpgsqlConnection(connection + ";Pooling=false");
        open.Open();
        using var command = new NpgsqlCommand(sql, open);
        command.ExecuteNonQuery();
    }

    /// <summary>Starts it. Null: it runs.</summary>
    public string? Start() =>
        Run("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o",
            $"-c listen_addresses='' -c unix_socket_directories={_folder}", "start");

    /// <summary>Stops it at once, as a crash would: the next start recovers.</summary>
    public string? Crash() => Run("pg_ctl", "-D", Data, "-m", "immediate", "stop");

    private string Connection(string database) => $"Host={_folder};Username=tests;Database={database}";

    private string? Run(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        return Environment.IsPrivilegedProcess
            ? Do("setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", path, .. arguments])
            : Do(path, arguments);
    }

    private string? Do(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder
        })!;
        // A server that is started keeps these open: only a program that failed is read to its end.
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} failed: {process.StandardError.ReadToEnd().Trim()}";
    }

    public void Dispose()
    {
        if (WhyMissing is null) Crash();
        Directory.Delete(_folder, recursive: true);
    }
}
