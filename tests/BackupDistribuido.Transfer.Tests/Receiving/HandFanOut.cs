using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Receiving;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>An origin's tree and two replicas of it, as a star or as a chain, joined by hand: pages go ahead of the
/// content, and each replica is sent what it needs.</summary>
internal sealed class HandFanOut : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Node> _nodes = [];
    private readonly bool _isChain;

    public HandFanOut(bool isChain, Action<string> fill)
    {
        _isChain = isChain;
        Source = _folder.MakeDirectory("source");
        fill(Source);
        Tree = new LiveTree(SourceTree.Open(Source), new TreeObserver(_ => { }, _ => { }, (_, _) => { }));
        _nodes.Add(new Node(_folder["one"]));
        _nodes.Add(new Node(_folder["two"]));
    }

    public string Source { get; }

    public LiveTree Tree { get; }

    public IEnumerable<ManifestSeal?> Seals => _nodes.Select(node => node.Replica.Seal);

    /// <summary>Runs before the content of each page, and after each parcel of it.</summary>
    public Action Between { get; set; } = () => { };

    /// <summary>One pass over all of the tree.</summary>
    public void Run()
    {
        using var parcels = new ParcelBuilder(new BufferPool());
        using var content = new ContentReader(Tree, parcels);
        var (toAnnounce, toSend) = (0, 0);
        while (true)
        {
            for (; toAnnounce < toSend + WireLimits.PagesAhead && Tree.Page(toAnnounce) is { } page; toAnnounce++)
            {
                var lines = page.Lines();
                parcels.Append(page.Frame(lines.Span), lines.Span);
                content.AnnouncedEnd = page.First + page.Count;
                Send(parcels);
            }
            if (toSend == toAnnounce) break;
            Between();
            content.Begin(Tree.Page(toSend)!, _nodes[0].Needs[toSend].MergedWith(_nodes[1].Needs[toSend]));
            for (var isDone = false; !isDone; Between())
            {
                isDone = content.Fill();
                Send(parcels);
            }
            toSend++;
        }
        var seal = Tree.Draft.Seal;
        parcels.Append(new SealFrame(seal.Entries, toSend, seal.Bytes, seal.Digest));
        Send(parcels);
    }

    private void Send(ParcelBuilder parcels)
    {
        if (parcels.Take() is not { } parcel) return;
        foreach (var slice in parcel.Frames)
        {
            // In a chain the first node is sent what both need, stores its own part of it, and sends on the other's.
            var payload = parcel.Payload(slice).Span;
            var (first, second) =
                (_nodes[0].Link.Wants(slice.Frame, payload), _nodes[1].Link.Wants(slice.Frame, payload));
            if (first) _nodes[0].Take(slice.Frame, parcel.Payload(slice));
            if (second && (first || !_isChain || slice.Frame is DataFrame or HoleFrame or EndFrame or SpoiledFrame))
                _nodes[1].Take(slice.Frame, parcel.Payload(slice));
        }
        parcel.Release();
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        Tree.Dispose();
        _folder.Dispose();
    }

    private sealed class Node : IDisposable
    {
        private readonly DestinationRoot _root;
        private readonly OriginReplicas _place;
        private readonly StagedSnapshot _staged;
        private readonly ReplicaLink _link;

        public Node(string folder)
        {
            _root = DestinationRoot.Open(folder, new RootOptions());
            _place = OriginReplicas.Open(_root, HandLink.Origin, "machine:/source");
            _staged = _place.Stage(HandLink.Id);
            Replica = new Replica(new NewSnapshot(_staged));
            _link = Replica.BeginLink((page, needs) =>
            {
                Needs.Add(page, needs);
                Link.Give(page, needs);
            }, (_, _) => { });
        }

        public BranchNeeds Link { get; } = new(0);

        public Replica Replica { get; }

        public Dictionary<int, NeedSet> Needs { get; } = [];

        public void Take(Frame frame, ReadOnlyMemory<byte> payload)
        {
            using var one = new ParcelBuilder(new BufferPool());
            one.Append(frame, payload.Span);
            var parcel = one.Take()!;
            try
            {
                _link.Take(parcel);
            }
            finally
            {
                parcel.Release();
            }
        }

        public void Dispose()
        {
            Replica.Dispose();
            _staged.Dispose();
            _place.Dispose();
            _root.Dispose();
        }
    }
}
