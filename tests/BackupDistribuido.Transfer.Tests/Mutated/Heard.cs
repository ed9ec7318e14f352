using System.Text;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Transfer.Tests.Mutated;

/// <summary>What one side hears, to the end.</summary>
internal sealed class Heard
{
    private readonly StringBuilder _text = new();
    private readonly SemaphoreSlim _more = new(0);

    public Heard(PeerConnection from) => All = ReadAsync(from);

    public Task<string> All { get; }

    /// <summary>Until it heard that, or the end, or for a moment nothing.</summary>
    public async Task Until(string text, TimeSpan moment)
    {
        while (!All.IsCompleted)
        {
            lock (_text)
            {
                if (_text.ToString().Contains(text, StringComparison.Ordinal)) return;
            }
            if (!await _more.WaitAsync(moment)) return;
        }
    }

    private async Task<string> ReadAsync(PeerConnection from)
    {
        var buffer = new byte[4096];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, CancellationToken.None)) > 0; _more.Release())
            {
                lock (_text) _text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            _more.Release();
        }
        lock (_text) return _text.ToString();
    }
}
