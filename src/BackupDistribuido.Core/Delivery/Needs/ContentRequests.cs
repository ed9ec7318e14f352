using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>A child's request for content: what it asked, and the ranges that it wants.</summary>
public readonly record struct ContentRequest(WantFrame Want, ByteRanges Ranges);

/// <summary>Holds a child's requests for content to the rules of docs/protocol.md, "Content by digest": their numbers,
/// how many may wait, and ranges within the size. For one thread at a time.</summary>
public sealed class ContentRequests
{
    private long _next;
    private int _open;

    /// <summary>Takes a request in.</summary>
    /// <exception cref="ProtocolException">It is not the next one, one too many, or asks for nothing that could be.
    /// </exception>
    public ContentRequest Take(WantFrame want, ReadOnlySpan<byte> ranges)
    {
        if (want.Request != _next)
            throw new ProtocolException(ErrorCode.Order, $"request {want.Request} came where {_next} is due");
        if (want.Size == 0) throw new ProtocolException(ErrorCode.Order, $"request {want.Request} is for no bytes");
        var wanted = Parse(want, ranges);
        if (Volatile.Read(ref _open) >= WireLimits.Requests)
        {
            throw new ProtocolException(ErrorCode.Limit,
                $"request {want.Request} comes while {WireLimits.Requests} are not answered");
        }
        _next++;
        Interlocked.Increment(ref _open);
        return new ContentRequest(want, wanted);
    }

    /// <summary>One of them is answered. From any thread.</summary>
    public void Answered() => Interlocked.Decrement(ref _open);

    private static ByteRanges Parse(WantFrame want, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return ByteRanges.Whole;
        if (text is not [.. var line, (byte)'\n'] || !ByteRanges.TryParse(line, out var ranges, out var why)
            || ranges.IsWhole)
            throw new ProtocolException(ErrorCode.Syntax, $"request {want.Request}: malformed ranges");
        return ranges.Fit(want.Size) ? ranges : throw new ProtocolException(ErrorCode.Order,
            $"request {want.Request}: '{ranges}' is not within {want.Size} bytes");
    }
}
