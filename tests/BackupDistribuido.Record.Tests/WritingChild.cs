using System.Globalization;
using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

/// <summary>This assembly as a program: it puts replicas down, several at a time, says each one that is durable, and never ends.</summary>
public static class WritingChild
{
    /// <summary>Its first argument; then come the folder and the first number.</summary>
    public const string Word = "write";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Word, var folder, var from]) return 2;
        await using var journal = Journal.Open(folder, Long, TimeProvider.System, why => Console.Error.WriteLine(why));
        var next = int.Parse(from, CultureInfo.InvariantCulture);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (true)
            {
                var name = $"d{Interlocked.Increment(ref next)}";
                journal.Note(Comes(name));
                await journal.WriteAsync(Stored(Run, First, name));
                // One write of a whole line.
                await Console.Out.WriteLineAsync($"{Node(name).Identity}.");
            }
        }));
        return 0;
    }
}
