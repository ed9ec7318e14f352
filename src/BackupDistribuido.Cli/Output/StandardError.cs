using System.Text;
using BackupDistribuido.Core.Text;

namespace BackupDistribuido.Cli.Output;

/// <summary>
/// Standard error for lines from any thread, none of which ever waits for its reader: text goes through a bounded
/// queue, and lines without room are dropped, counted and reported. Control characters that move a terminal's cursor or
/// change its letters are removed, whatever the source of the text.
/// </summary>
internal sealed class StandardError(Stream inner) : TextWriter
{
    private const int Capacity = 1024, LongestText = 64 * 1024;

    private readonly Queue<(string Text, long MissedBefore)> _waiting = new();
    private readonly object _gate = new();
    private long _missed;
    private bool _isPumping, _isWriting;

    /// <inheritdoc/>
    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        lock (_gate)
        {
            if (_waiting.Count >= Capacity)
            {
                _missed++;
                return;
            }
            _waiting.Enqueue((HarmlessText.Of(value.Length > LongestText ? value[..LongestText] + "…\n" : value),
                _missed));
            _missed = 0;
            Monitor.PulseAll(_gate);
            if (_isPumping) return;
            _isPumping = true;
        }
        new Thread(Pump) { IsBackground = true, Name = "errors" }.Start();
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => WriteAsync(value + "\n");

    /// <summary>Waits until all of it is written, at most that long.</summary>
    public void Drain(TimeSpan patience)
    {
        lock (_gate)
        {
            for (var end = Environment.TickCount64 + (long)patience.TotalMilliseconds; _waiting.Count > 0 || _missed > 0
                || _isWriting;)
            {
                if (end - Environment.TickCount64 is not (> 0 and var left) || !Monitor.Wait(_gate, (int)left)) return;
            }
        }
    }

    private void Pump()
    {
        while (true)
        {
            string text;
            lock (_gate)
            {
                _isWriting = false;
                Monitor.PulseAll(_gate);
                while (_waiting.Count == 0 && _missed == 0) Monitor.Wait(_gate);
                if (!_waiting.TryDequeue(out var next)) (next, _missed) = (("", _missed), 0);
                text = next.MissedBefore > 0
                    ? $"bdist: {next.MissedBefore} lines were left out here: standard error was not read\n{next.Text}"
                    : next.Text;
                _isWriting = true;
            }
            try
            {
                inner.Write(Encoding.GetBytes(text));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // Nothing to report to: standard error is where reports go.
            }
        }
    }
}
