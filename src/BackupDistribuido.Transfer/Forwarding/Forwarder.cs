using Akka.Streams;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Forwarding;

/// <summary>
/// What a node does that receives a tree and has children: what comes down is forwarded to them as it came, what they
/// and the node itself need goes up merged. Safe from any thread.
/// </summary>
internal sealed class Forwarder
{
    private readonly IChildEnd _parent;
    private readonly IReadOnlyList<ChildBranch> _children;
    private readonly NeedMerge _merge = new();
    private readonly Dictionary<int, PageOutline> _asked = [];
    private readonly Lock _gate = new();
    private volatile bool _isBroken;
    private volatile bool _isSealed;

    /// <summary>Between <paramref name="parent"/> and <paramref name="children"/>.</summary>
    public Forwarder(IChildEnd parent, IReadOnlyList<ChildBranch> children)
    {
        (_parent, _children) = (parent, children);
        foreach (var child in children) _merge.Join(child.Child, child.FirstPage);
    }

    /// <summary>The tree's end has come: the parent has nothing more to say, and owes the end of its input.</summary>
    public bool IsSealed => _isSealed;

    /// <summary>The node itself needs something too. Before the first page.</summary>
    public void Join(NodeName self, int firstPage) => _merge.Join(self, firstPage);

    /// <summary>Attaches the children to <paramref name="fanOut"/>. What becomes of each one's link; one that was
    /// cancelled was cut here, or ended with the parent's: that says nothing about the child.</summary>
    public IReadOnlyDictionary<NodeName, Task> Attach(ParcelFanOut fanOut, IMaterializer materializer,
        CancellationToken cancel) =>
        _children.ToDictionary(child => child.Child, child => ForwardAsync(child, fanOut, materializer, cancel));

    private async Task ForwardAsync(ChildBranch child, ParcelFanOut fanOut, IMaterializer materializer,
        CancellationToken cancel)
    {
        try
        {
            await child.RunAsync(fanOut, (page, needs) => Needed(child.Child, page, needs), materializer, cancel)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (_isBroken)
        {
            throw new OperationCanceledException("the parent's link ended", e);
        }
        finally
        {
            lock (_gate)
            {
                foreach (var known in _merge.Leave(child.Child)) SendNeeds(known);
            }
        }
    }

    /// <summary>The parent's link has a problem. Seen before any branch ends for it.</summary>
    public Exception Broken(Exception problem)
    {
        _isBroken = true;
        return problem;
    }

    /// <summary>Notes each page on its way to everyone, so that needs of it are known ones.</summary>
    public Parcel Announce(Parcel parcel)
    {
        foreach (var slice in parcel.Frames)
        {
            _isSealed |= slice.Frame is SealFrame;
            if (slice.Frame is not PageFrame page) continue;
            if (page.Digest is { } said && _children.Count > 0) Check(page, said, parcel.Payload(slice).Span);
            lock (_gate)
            {
                _asked[page.Page] = PageOutline.Of(page, parcel.Payload(slice).Span);
                if (_merge.Announce(page.Page) is { } known) SendNeeds(known);
            }
        }
        return parcel;
    }

    // Before the children get it: what was damaged on the way here is this link's fault.
    private void Check(PageFrame page, Sha256Digest said, ReadOnlySpan<byte> lines)
    {
        if (said == Sha256Digest.Of(lines)) return;
        var problem = new ProtocolException(ErrorCode.Digest, $"page {page.Page} does not have its digest");
        _parent.Fail(problem.Code, problem.Reason);
        throw problem;
    }

    /// <summary>Someone says what it needs of a page.</summary>
    public void Needed(NodeName who, int page, NeedSet needs)
    {
        lock (_gate)
        {
            if (_merge.Give(who, page, needs) is { } known) SendNeeds(known);
        }
    }

    private void SendNeeds(PageNeeds known)
    {
        _asked.Remove(known.Page, out var page);
        var text = NeedText.Write(known.Needs, page!, _parent.Profile.Version);
        _parent.Send(new NeedFrame(known.Page, text.Length), text);
    }
}
