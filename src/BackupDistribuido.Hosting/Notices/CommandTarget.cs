using System.Diagnostics;
using System.Text;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Hosting.Notices;

/// <summary>
/// Starts a program for each notice, without a shell. It gets the object on its standard input and, up to 100,000
/// bytes, in <c>BDIST_EVENT_JSON</c>, and the kind in <c>BDIST_EVENT</c>; exit code 0 means delivered. A program that
/// takes too long is killed with all that it started. Its output is discarded, except the last line of standard error
/// if it fails.
/// </summary>
internal sealed class CommandTarget(IReadOnlyList<string> command) : INoticeTarget
{
    private const int MaxLine = 200, MaxVariable = 100_000;

    // The service manager gave this to our process, not to the program.
    private static readonly string[] Own = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

    public string Name => command[0];

    public async Task<NoticeResult> SendAsync(Notice notice, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        };
        foreach (var variable in Own) start.Environment.Remove(variable);
        start.Environment["BDIST_EVENT"] = Notice.Name(notice.Kind);
        // Linux starts nothing with a variable of 128 KiB or more (execve(2)): the end of a run with very many
        // destinations may be as long.
        if (Encoding.UTF8.GetByteCount(notice.Json) <= MaxVariable) start.Environment["BDIST_EVENT_JSON"] = notice.Json;
        try
        {
            using var process = Process.Start(start)!;
            return await FollowAsync(process, notice, cancel).ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new NoticeResult(Reason.Of(e), IsFinal: true);
        }
    }

    private static async Task<NoticeResult> FollowAsync(Process process, Notice notice, CancellationToken cancel)
    {
        try
        {
            var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancel);
            var error = LastLineAsync(process.StandardError, cancel);
            await FeedAsync(process, notice, cancel).ConfigureAwait(false);
            await Task.WhenAll(output, error, process.WaitForExitAsync(cancel)).ConfigureAwait(false);
            return process.ExitCode == 0
                ? NoticeResult.Delivered : new NoticeResult(await error.ConfigureAwait(false) is { Length: > 0 } line
                    ? NoticeReason.ExitedSaying(process.ExitCode, line) : NoticeReason.Exited(process.ExitCode));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task FeedAsync(Process process, Notice notice, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync($"{notice.Json}\n".AsMemory(), cancel).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It need not read it.
        }
    }

    private static async Task<string> LastLineAsync(StreamReader error, CancellationToken cancel)
    {
        // In pieces, because a line may be endless.
        var (last, line, piece) = ("", new StringBuilder(), new char[1024]);
        for (int count; (count = await error.ReadAsync(piece, cancel).ConfigureAwait(false)) > 0;)
        {
            foreach (var letter in piece.AsSpan(0, count))
            {
                if (letter != '\n')
                {
                    if (line.Length < MaxLine) line.Append(letter);
                    continue;
                }
                if (line.Length > 0) last = line.ToString();
                line.Clear();
            }
        }
        return line.Length > 0 ? line.ToString() : last;
    }

    public void Dispose()
    {
    }
}
