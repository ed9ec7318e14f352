using System.Globalization;
using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

/// <summary>This assembly as a program: it puts replicas down, several at a time, says each one that is durable, and
/// never ends.</summary>
public static class WritingChild
{
    /// <summary>Its first argument; then come a folder or a connection string, and the first number.</summary>
    public const string Word = "write";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Word, var place, var from]) return 2;
        await using var journal = Journal.Open(place.StartsWith('/')
            ? new RecordPlace.Folder(place) : new RecordPlace.Server(place), Long, TimeProvider.System, why =>
            Console.Error.WriteLine(why));
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
