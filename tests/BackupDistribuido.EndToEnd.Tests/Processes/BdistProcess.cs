using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace BackupDistribuido.EndToEnd.Tests.Processes;

/// <summary>
/// One running <c>bdist</c>. Its JSON events are read in order: each wait begins after the event that the one before it
/// found, so that a test tells a story. Disposing it kills what still runs.
/// </summary>
internal sealed class BdistProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<Seen> _events = [];
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private int _read;

    public BdistProcess(ProcessStartInfo start, string name)
    {
        Name = name;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = new UTF8Encoding(false);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Error => Text(_error);

    public bool HasExited => _process.HasExited;

    /// <summary>The events of a kind so far, whether a wait has passed them or not.</summary>
    public IReadOnlyList<JsonElement> All(string kind)
    {
        lock (_events) return [.. _events.Where(seen => seen.IsA(kind)).Select(seen => seen.Event)];
    }

    /// <summary>Waits for the next event of a kind.</summary>
    public Task<JsonElement> Next(string kind) => Next(kind, static _ => true);

    /// <summary>Waits for the next event of a kind for which <paramref name="condition"/> holds.</summary>
    public async Task<JsonElement> Next(string kind, Func<JsonElement, bool> condition, TimeSpan? within = null) =>
        (await Find(kind, condition, within ?? Patience)).Event;

    /// <summary>Waits until the connected count that it was told is <paramref name="connected"/>; how long after
    /// <paramref name="since"/> (a <see cref="Stopwatch"/> timestamp) it said so.</summary>
    public async Task<TimeSpan> Count(int connected, long since = 0, TimeSpan? within = null) =>
        Stopwatch.GetElapsedTime(since,
            (await Find("destinations", one => one.GetProperty("connected").GetInt32() == connected,
                within ?? Patience)).At);

    /// <summary>Waits for a line of standard error that contains <paramref name="text"/>.</summary>
    public Task ErrorSays(string text) =>
        Until(() => Error.Contains(text, StringComparison.Ordinal), $"standard error that says '{text}'");

    /// <summary>Waits for its end; the exit code.</summary>
    public async Task<int> Exit(TimeSpan? within = null)
    {
        using var bound = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(2));
        try
        {
            await _process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not end.\n{this}");
        }
        return _process.ExitCode;
    }

    /// <summary>Sends a signal; the moment, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long Signal(PosixSignal signal)
    {
        PosixSignals.Send(_process.Id, signal);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>SIGKILL, and its end. False: it had come to an end by itself.</summary>
    public async Task<bool> Kill()
    {
        _process.Kill();
        return await Exit() == 128 + (int)PosixSignal.Kill;
    }

    public override string ToString() =>
        $"---- {Name}: {(HasExited ? $"exit {_process.ExitCode}" : "running")}\n{Output}{Error}";

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    /// <summary>When an event happened by its own clock, which says nothing of when the test came to hear of
    /// it.</summary>
    public static DateTimeOffset Time(JsonElement happened) => happened.GetProperty("time").GetDateTimeOffset();

    private async Task<Seen> Find(string kind, Func<JsonElement, bool> condition, TimeSpan within)
    {
        Seen? found = null;
        await Until(() => (found = Advance(kind, condition)) is not null, $"the event {kind}", within);
        return found!;
    }

    private Seen? Advance(string kind, Func<JsonElement, bool> condition)
    {
        lock (_events)
        {
            var index = _events.FindIndex(_read, seen => seen.IsA(kind) && condition(seen.Event));
            if (index < 0) return null;
            _read = index + 1;
            return _events[index];
        }
    }

    private async Task Until(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var began = Stopwatch.GetTimestamp();
        for (var ended = false; !condition();)
        {
            if (ended) throw new InvalidOperationException($"{Name} ended without {what}.\n{this}");
            if (Stopwatch.GetElapsedTime(began) > (within ?? Patience))
                throw new TimeoutException($"{Name} waited in vain for {what}.\n{this}");
            await Task.Delay(20);
            if (!_process.HasExited) continue;
            // What it wrote last is only complete once its streams are at their end.
            await Exit();
            ended = true;
        }
    }

    private void Heard(string? line)
    {
        Append(_output, line);
        // The last line of a killed one may be half a line.
        if (line is not ['{', .., '}']) return;
        var seen = new Seen(JsonDocument.Parse(line).RootElement, Stopwatch.GetTimestamp());
        lock (_events) _events.Add(seen);
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }

    private sealed record Seen(JsonElement Event, long At)
    {
        public bool IsA(string kind) => Event.GetProperty("event").ValueEquals(kind);
    }
}
