using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Scanning;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Transfer.Receiving;
using BackupDistribuido.Transfer.Sending;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Tests;

/// <summary>An origin's tree and one replica of it over real folders, joined by hand instead of by a socket.</summary>
internal sealed class HandLink : IDisposable
{
    public static readonly NodeName Origin = NodeName.Parse("laptop");
    public static readonly SnapshotId Id = SnapshotId.Parse("20261122T163305Z");

    /// <summary>The snapshot after it.</summary>
    public static readonly SnapshotId Next = SnapshotId.Parse("20261123T163305Z");

    private readonly TemporaryFolder _folder = new();
    private readonly DestinationRoot _root;
    private readonly OriginReplicas _place;
    private StagedSnapshot _staged;
    private ReplicaLink? _link;

    public HandLink(Action<string> fill)
    {
        Source = _folder.MakeDirectory("source");
        fill(Source);
        Tree = NewTree(null);
        _root = DestinationRoot.Open(_folder["root"], new RootOptions());
        _place = OriginReplicas.Open(_root, Origin, "machine:/source");
        _staged = _place.Stage(Id);
        Replica = new Replica(new NewSnapshot(_staged));
    }

    public string Source { get; }

    public LiveTree Tree { get; private set; }

    public Replica Replica { get; private set; }

    public List<OmittedEntry> Omitted { get; } = [];

    public List<Frame> Frames { get; } = [];

    public List<string> Verified { get; } = [];

    public Dictionary<int, NeedSet> Needs { get; } = [];

    /// <summary>Runs before the content of each page is read.</summary>
    public Action BeforeContent { get; set; } = () => { };

    /// <summary>Runs at each parcel; false cuts the link before it arrives.</summary>
    public Func<Parcel, bool> Pass { get; set; } = _ => true;

    /// <summary>How many bytes are received at once.</summary>
    public Func<int> Reads { get; set; } = () => int.MaxValue;

    public string this[string name] => Path.Combine(Source, name);

    /// <summary>One link: all pages from the first that is not whole, and the seal. True when the end came.</summary>
    public bool Run()
    {
        using var parcels = new ParcelBuilder(new BufferPool());
        using var content = new ContentReader(Tree, parcels);
        using var decoder = new ParcelDecoder(new BufferPool(), Direction.Down, LinkProfile.Newest.Plain);
        Frames.Clear();
        Needs.Clear();
        Begin((_, file) => Verified.Add(file.Path.ToString()));
        var number = Replica.FirstPage;
        for (; Tree.Page(number) is { } page; number++)
        {
            var lines = page.Lines();
            parcels.Append(page.Frame(lines.Span), lines.Span);
            if (!Send(parcels, decoder)) return false;
            BeforeContent();
            content.Begin(page, Needs[number]);
            for (var isDone = false; !isDone;)
            {
                isDone = content.Fill();
                if (!Send(parcels, decoder)) return false;
            }
        }
        var seal = Tree.Draft.Seal;
        parcels.Append(new SealFrame(seal.Entries, number, seal.Bytes, seal.Digest));
        return Send(parcels, decoder);
    }

    /// <summary>A link whose frames the test says itself.</summary>
    public void BeginLink(bool isProven = false)
    {
        Needs.Clear();
        Begin((_, _) => { }, isProven);
    }

    /// <summary>The page, with one entry of it as it is given.</summary>
    public void Take(OutgoingPage page, Entry entry)
    {
        var entries = Enumerable.Range(0, page.Count).Select(i => page[page.First + i])
            .Select(known => known.Path == entry.Path ? entry : known);
        var lines = new OutgoingPage(page.Number, page.First, [.. entries]).Lines();
        Take(page.Frame(lines.Span), lines.Span);
    }

    /// <summary>One frame.</summary>
    public void Take(Frame frame, ReadOnlySpan<byte> payload = default)
    {
        using var parcels = new ParcelBuilder(new BufferPool());
        parcels.Append(frame, payload);
        var parcel = parcels.Take()!;
        try
        {
            _link!.Take(parcel);
        }
        finally
        {
            parcel.Release();
        }
    }

    /// <summary>Puts another tree in the source's place.</summary>
    public void Replace(RandomTree.Node[] nodes)
    {
        _folder.Do("rm -rf source");
        RandomTree.Make(Source, nodes);
    }

    /// <summary>Publishes what came, and compares it with the source.</summary>
    public void PublishAndCompare() => PublishAndCompare("diff -r --no-dereference");

    /// <summary>The same with another judge, which is given both trees and says nothing.</summary>
    public void PublishAndCompare(string judge)
    {
        _staged.Publish(Replica.Seal!.Value);
        Assert.Equal((0, ""), _folder.Run($"{judge} '{Source}/' '{Published}/'"));
    }

    /// <summary>Publishes what came; what it lacks.</summary>
    public ReplicaShortfall Publish()
    {
        _staged.Publish(Replica.Seal!.Value);
        return _staged.Shortfall;
    }

    public DestinationRoot Root => _root;

    public string Published => _place.SnapshotPath(_staged.Id);

    /// <summary>A second snapshot over the published one; the origin remembers the first where
    /// <paramref name="record"/> says so.</summary>
    public void BeginNext(bool record)
    {
        var file = _folder["record"];
        if (record) OriginRecord.Write(file, Origin, Id, Tree.Draft.Entries(), new FileTime(long.MaxValue, 0));
        _link?.Dispose();
        _link = null;
        Replica.Dispose();
        _staged.Dispose();
        Tree.Dispose();
        Tree = NewTree(record ? OriginRecord.Open(file, Origin) : null);
        _staged = _place.Stage(Next);
        Replica = new Replica(new NewSnapshot(_staged, EarlierSnapshot.Before(_staged)!));
    }

    private LiveTree NewTree(OriginRecord? record) =>
        new(SourceTree.Open(Source), new TreeObserver(Omitted.Add, _ => { }, (_, _) => { }), record: record);

    /// <summary>The link is over.</summary>
    public void EndLink() => _link!.Dispose();

    private void Begin(Action<long, FileEntry> verified, bool isProven = false)
    {
        _link?.Dispose();
        _link = Replica.BeginLink(Needs.Add, verified, isProven);
    }

    private bool Send(ParcelBuilder parcels, ParcelDecoder decoder)
    {
        if (parcels.Take() is not { } parcel) return true;
        try
        {
            if (!Pass(parcel)) return false;
            foreach (var bytes in parcel.Runs()) Receive(bytes, decoder);
            return true;
        }
        finally
        {
            parcel.Release();
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes, ParcelDecoder decoder)
    {
        while (bytes.Length > 0)
        {
            var space = decoder.Space(out _);
            var count = Math.Min(Math.Min(space.Length, bytes.Length), Reads());
            bytes[..count].CopyTo(space);
            bytes = bytes[count..];
            if (decoder.Take(count) is not { } received) continue;
            Frames.AddRange(received.Frames.Select(slice => slice.Frame));
            try
            {
                _link!.Take(received);
            }
            finally
            {
                received.Release();
            }
        }
    }

    public void Dispose()
    {
        Replica.Dispose();
        _staged.Dispose();
        _place.Dispose();
        _root.Dispose();
        Tree.Dispose();
        _folder.Dispose();
    }
}
