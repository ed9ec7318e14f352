using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Forwarding;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>
/// One link that is being received: what comes down is stored here and, where the plan gives this node children,
/// forwarded to them as it came; what this node and they need goes up merged. It ends with the link.
/// </summary>
public sealed class Reception
{
    private readonly NodeName _self;
    private readonly Replica _replica;
    private readonly IChildEnd _parent;
    private readonly IReadOnlyList<ChildBranch> _children;
    private readonly BranchNeeds _ownNeeds;
    private readonly Forwarder _forwarder;
    private ReplicaLink? _link;

    private Reception(NodeName self, Replica replica, IChildEnd parent, IReadOnlyList<ChildBranch> children)
    {
        (_self, _replica, _parent, _children) = (self, replica, parent, children);
        _ownNeeds = new BranchNeeds(replica.FirstPage);
        _forwarder = new Forwarder(parent, children);
        _forwarder.Join(self, replica.FirstPage);
    }

    /// <summary>Completes when the tree's end has come and agreed; fails with what broke the link or the
    /// disk.</summary>
    public Task Received { get; private set; } = Task.CompletedTask;

    /// <summary>What became of each child's link; see <see cref="Forwarder.Attach"/>.</summary>
    public IReadOnlyDictionary<NodeName, Task> Forwarded { get; private set; } = new Dictionary<NodeName, Task>();

    /// <summary>What has gone to each child.</summary>
    public IEnumerable<LinkFlow> Flows => _children.Select(child => child.Flow);

    /// <summary>Answers the parent and begins.</summary>
    /// <exception cref="LinkException">The parent is gone.</exception>
    public static async Task<Reception> BeginAsync(
        IParentLink link, NodeName self, Replica replica, IReadOnlyList<ChildBranch> children,
        Action<long, FileEntry> verified, LinkTerms terms, IMaterializer materializer, CancellationToken cancel)
    {
        try
        {
            var hello = link.Hello;
            var firstPage = children.Select(child => child.FirstPage).Append(replica.FirstPage).Min();
            var welcome = new WelcomeFrame(hello.Run, hello.Epoch, self, firstPage) { Profile = hello.Profile.Plain };
            Reception? begun = null;
            var parent = await link.OpenAsync(welcome, terms,
                owed: () => begun?._forwarder.IsSealed == true, cancel).ConfigureAwait(false);
            var reception = begun = new Reception(self, replica, parent, children);
            reception._link = replica.BeginLink(reception.OwnNeeds, verified, link.IsProven);
            reception.Start(materializer, cancel);
            return reception;
        }
        catch
        {
            // They have answered and would wait for a parent that never begins.
            foreach (var child in children) child.Cut();
            throw;
        }
    }

    /// <summary>The replica, and those below, are stored: says so to the parent, which ends the link.</summary>
    public void Done(Sha256Digest digest) => _parent.Send(new DoneFrame(digest));

    /// <summary>Ends the link for a reason of this node's.</summary>
    public void Fail(ErrorCode code, Reason reason) => _parent.Fail(code, reason);

    private void Start(IMaterializer materializer, CancellationToken cancel)
    {
        if (_children.Count == 0)
        {
            Received = StoreAsync(_parent.Down.Select(_forwarder.Announce), materializer);
            return;
        }
        var fanOut = new ParcelFanOut((_, _) => { });
        Forwarded = _forwarder.Attach(fanOut, materializer, cancel);
        var own = fanOut.Attach($"({_self})",
            new BranchOptions
            {
                Wants = (frame, payload) => _ownNeeds.Wants(frame, payload.Span),
                ProgressDeadline = null
            });
        Received = StoreAsync(own, materializer);
        _ = _parent.Down.Select(_forwarder.Announce).SelectError(_forwarder.Broken).RunWith(fanOut.Inlet, materializer);
    }

    // One thread takes, checks and writes a parcel while it is still in the processor's cache; the system's socket
    // buffers are the queue before it.
    private async Task StoreAsync(Source<Parcel, NotUsed> parcels, IMaterializer materializer)
    {
        try
        {
            await parcels
                .ToMaterialized(Sink.ForEach<Parcel>(Store), Keep.Right)
                .AddAttributes(ActorAttributes.CreateDispatcher(DiskDispatcher.Name))
                .Run(materializer)
                .ConfigureAwait(false);
        }
        finally
        {
            _link!.Dispose();
        }
        if (_replica.Seal is null)
            throw new LinkException(ErrorCode.Truncated, LinkReason.Truncated);
    }

    private void Store(Parcel parcel)
    {
        try
        {
            _link!.Take(parcel);
        }
        catch (ProtocolException e)
        {
            _parent.Fail(e.Code, Reason.Of(e));
            throw;
        }
        catch (Exception e)
        {
            _parent.Fail(ErrorCode.Storage, Reason.Of(e));
            throw;
        }
        finally
        {
            parcel.Release();
        }
    }

    private void OwnNeeds(int page, NeedSet needs)
    {
        if (_children.Count > 0) _ownNeeds.Give(page, needs);
        _forwarder.Needed(_self, page, needs);
    }
}
