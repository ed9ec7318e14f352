using System.Diagnostics;
using static BackupDistribuido.Record.Tests.Samples;

namespace BackupDistribuido.Record.Tests;

/// <summary>kill -9 in the middle of writing, over and over, on one record.</summary>
public abstract class KilledWriterTests
{

    /// <summary>Where the test keeps its record.</summary>
    protected abstract RecordPlace Place { get; }

    [SkippableFact]
    public async Task Nothing_that_was_acknowledged_is_missing()
    {
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++) acknowledged.AddRange(await KilledAfter(100, acknowledged.Count));

        await using var journal = Open(Place);
        var there = journal.Remembered.Absent.Where(one => one.Newest is [{ } held] && held.Snapshot == First)
            .Select(one => one.Identity).ToHashSet();
        Assert.Empty(acknowledged.Except(there));
    }

    /// <summary>Has a child write without end, and kills it when it has acknowledged so many. What it had acknowledged
    /// by then.</summary>
    private async Task<IReadOnlyList<string>> KilledAfter(int count, int from)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            ["exec", typeof(WritingChild).Assembly.Location, WritingChild.Word,
                Place is RecordPlace.Server server ? server.Connection : ((RecordPlace.Folder)Place).Path, $"{from}"])
        {
            RedirectStandardOutput = true,
        })!;
        var lines = new List<string>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count == count) child.Kill();
        }
        await child.WaitForExitAsync();
        Assert.Equal(128 + 9, child.ExitCode);
        // A line that the kill cut short was not said.
        return lines.Count > 0 && !lines[^1].EndsWith('.')
            ? lines[..^1].ConvertAll(Identity) : lines.ConvertAll(Identity);

        static string Identity(string line) => line.TrimEnd('.');
    }
}
