using System.Text.RegularExpressions;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>
/// <c>strace</c> as the one who makes system calls fail. It runs beside the program (<c>-D</c>), so that the test's
/// child is the program itself, and counts calls for each thread by itself.
/// </summary>
internal static partial class Strace
{
    /// <summary>The calls that change what is on a disk. Which of them a destination makes, a record says.</summary>
    public static readonly string[] Changing =
    [
        "write", "pwrite64", "copy_file_range", "fallocate", "ftruncate", "fsync", "fdatasync", "syncfs", "renameat",
            "renameat2", "mkdirat", "mknodat", "symlinkat", "linkat", "unlinkat",
        "fchmod", "fchmodat", "fchown", "fchownat", "utimensat", "fsetxattr", "lsetxattr",
    ];

    /// <summary>Skips the test where processes can't be traced.</summary>
    public static void IsNeeded(TemporaryFolder folder) =>
        Skip.IfNot(folder.Run("strace -f --seccomp-bpf -e trace=fsync true").Exit == 0,
            "strace is not here, or may not trace");

    // Stops at the named calls only, which is faster; strace 6.1 forgets the signals of an injection then.
    private const string AtThese = "--seccomp-bpf";

    /// <summary>Starts a program that is killed as its thread makes this call for the n-th time, before the call does
    /// anything.</summary>
    public static string[] KillAt(string call, int n) =>
        Starter($"-e trace={call} -e inject={call}:signal=KILL:when={n}");

    /// <summary>Starts a program whose calls get an error instead. <paramref name="when"/>: of each thread the n-th
    /// alone (<c>3</c>), or from the n-th on (<c>3+</c>).</summary>
    public static string[] Refuse(string calls, string errno, string when) =>
        Starter($"{AtThese} -e trace={calls} -e inject={calls}:error={errno}:when={when}");

    /// <summary>Starts a program whose calls do nothing and return a value.</summary>
    public static string[] Pretend(string calls, long value, string when = "1+") =>
        Starter($"{AtThese} -e trace={calls} -e inject={calls}:retval={value}:when={when}");

    /// <summary>Starts a program whose calls are written down.</summary>
    public static string[] Record(string file, params string[] calls) =>
        Starter($"{AtThese} -y -e trace={string.Join(',', calls.Select(call => '?' + call))}", file);

    /// <summary>
    /// For each kind of call in a record that names something beneath <paramref name="folder"/>: the how manieth of its
    /// kind those were in their threads.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Places(string record, string folder)
    {
        var made = new Dictionary<(string Thread, string Call), int>();
        var places = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(record))
        {
            if (Call().Match(line) is not { Success: true } match) continue;
            var (thread, call) = (match.Groups[1].Value, match.Groups[2].Value);
            var number = made[(thread, call)] = made.GetValueOrDefault((thread, call)) + 1;
            if (!line.Contains(folder, StringComparison.Ordinal)) continue;
            if (!places.TryGetValue(call, out var numbers)) places[call] = numbers = [];
            numbers.Add(number);
        }
        return places.ToDictionary(kind => kind.Key, kind => (IReadOnlyList<int>)[.. kind.Value]);
    }

    private static string[] Starter(string what, string output = "/dev/null") =>
        ["strace", "-D", "-f", "-qq", "-o", output, .. what.Split(' ')];

    [GeneratedRegex(@"^(\d+) +(\w+)\(")]
    private static partial Regex Call();
}
