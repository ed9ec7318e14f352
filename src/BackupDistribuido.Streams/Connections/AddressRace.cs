using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// Connects to whichever of a name's addresses works, in the manner of RFC 8305: one after the other, the next as soon
/// as one fails or takes long, and the first whose conversation gets through wins; the others are closed. So an IPv6
/// address where packets vanish costs a moment, not the connection.
/// </summary>
public static class AddressRace
{
    /// <summary>How long an address is waited for before the next is tried too; and how long one that is connected may
    /// take with its conversation before that.</summary>
    public static readonly TimeSpan Head = TimeSpan.FromMilliseconds(250), ConversationHead = TimeSpan.FromSeconds(2);

    private const int MostAddresses = 8;

    /// <summary>Connects, and has the conversation that shows that it is the right place.</summary>
    /// <param name="converse">Owns the socket, and closes it where it fails.</param>
    /// <param name="each">How long each address may take to be connected; null: as long as <paramref name="cancel"/>
    /// allows.</param>
    /// <exception cref="SocketException">The name has no address, or none can be reached.</exception>
    public static async Task<T> ConnectAsync<T>(
        string host, int port, Func<Socket, CancellationToken, Task<T>> converse, CancellationToken cancel,
            TimeSpan? each = null) where T : class
    {
        var addresses = await HostAddress.ResolveAllAsync(host, cancel).ConfigureAwait(false);
        return await ConnectAsync([.. addresses.Take(MostAddresses)], port, converse, cancel, each)
            .ConfigureAwait(false);
    }

    internal static async Task<T> ConnectAsync<T>(
        IReadOnlyList<IPAddress> addresses, int port, Func<Socket, CancellationToken, Task<T>> converse,
            CancellationToken cancel, TimeSpan? each) where T : class
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = new List<Task<T>>();
        Exception? failure = null;
        try
        {
            for (var next = 0; ;)
            {
                var connected = new TaskCompletionSource();
                if (next < addresses.Count)
                    running.Add(TryAsync(new IPEndPoint(addresses[next++], port), converse, connected, each,
                        over.Token));
                var hasMore = next < addresses.Count;
                var head = hasMore ? HeadAsync(connected.Task, over.Token) : Task.Delay(Timeout.Infinite, over.Token);
                while (await Task.WhenAny([.. running, head]).ConfigureAwait(false) is Task<T> ended
                    && running.Remove(ended))
                {
                    if (ended.IsCompletedSuccessfully) return ended.Result;
                    failure = MoreTelling(failure, ended.Exception?.InnerException ?? new OperationCanceledException());
                    if (hasMore) break;
                    cancel.ThrowIfCancellationRequested();
                    if (running.Count == 0) ExceptionDispatchInfo.Throw(failure);
                }
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (var late in running) _ = late.ContinueWith(Forget, TaskScheduler.Default);
        }
    }

    private static async Task<T> TryAsync<T>(IPEndPoint place, Func<Socket, CancellationToken, Task<T>> converse,
        TaskCompletionSource connected, TimeSpan? each, CancellationToken cancel)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (each is { } limit) bounded.CancelAfter(limit);
        try
        {
            await socket.ConnectAsync(place, bounded.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && !cancel.IsCancellationRequested)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
        connected.TrySetResult();
        return await converse(socket, cancel).ConfigureAwait(false);
    }

    private static async Task HeadAsync(Task connected, CancellationToken cancel)
    {
        if (await Task.WhenAny(connected, Task.Delay(Head, cancel)).ConfigureAwait(false) == connected)
            await Task.Delay(ConversationHead, cancel).ConfigureAwait(false);
    }

    // What answered and is not the right one tells more than that nobody did.
    private static Exception MoreTelling(Exception? one, Exception other)
    {
        static int Rank(Exception? e) =>
            e switch { null => 0, OperationCanceledException => 1, SocketException => 2, _ => 3 };
        return one is not null && Rank(one) >= Rank(other) ? one : other;
    }

    private static void Forget<T>(Task<T> late)
    {
        if (late.IsCompletedSuccessfully) (late.Result as IDisposable)?.Dispose();
        else _ = late.Exception;
    }
}
