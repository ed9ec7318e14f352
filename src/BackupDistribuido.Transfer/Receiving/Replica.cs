using System.Security.Cryptography;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Pages;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Storage.Manifests;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>
/// A snapshot that is being received: what of its tree is in the sink, whichever link brought it
/// (<see cref="ReplicaLink"/>). It outlives links; what is there and verified, in an earlier life too, is not asked for
/// again. For one thread at a time; it owns the sink.
/// </summary>
public sealed class Replica : IDisposable
{
    /// <summary>Most unfinished files that are taken from one link to the next. A link leaves one at most, and mostly
    /// finishes it first.</summary>
    private const int MostUnfinished = 4;

    private readonly ISnapshotSink _sink;
    private readonly IncomingTree _tree;
    private readonly Dictionary<long, FileEntry> _held = [];
    private readonly Dictionary<long, FoundFile> _presumed = [];
    private readonly Dictionary<long, UnfinishedFile> _unfinished = [];
    private IncrementalHash? _spareHash;
    // A link that is torn down with its ActorSystem may end beside this.
    private readonly Lock _ending = new();
    private bool _isBroken;
    private bool _isClosed;
    private long _inPlace;

    /// <summary>A snapshot that is received into <paramref name="sink"/>, which this owns.</summary>
    public Replica(ISnapshotSink sink)
    {
        _sink = sink;
        _tree = sink.Last is { } last ? IncomingTree.After(sink.Pages, sink.Totals.Entries, last) : new IncomingTree();
        _inPlace = Done = sink.Totals.Bytes;
    }

    /// <summary>The first incomplete page: a greeting names it.</summary>
    public int FirstPage => _tree.FirstPage;

    /// <summary>Content bytes that links have brought so far. Any thread may look.</summary>
    public long Received { get; internal set; }

    /// <summary>Content bytes of the tree that are in the sink, of files that are being received too. Fewer where
    /// something turns out to be damaged. Any thread may look.</summary>
    public long Done { get; private set; }

    /// <summary>The tree's end, once it has come and agreed with what is in the sink.</summary>
    public ManifestSeal? Seal { get; internal set; }

    /// <summary>What its pages come to so far.</summary>
    internal ManifestSeal SealSoFar => _sink.Seal;

    /// <summary>A new link begins; it is to be disposed when it is over.</summary>
    /// <param name="need">Told what is lacked of each page when it is announced.</param>
    /// <param name="verified">Told of each file that is verified.</param>
    /// <param name="isProven">Whether what the link brings has the digest that it says at a file's end, and need not be
    /// hashed again.</param>
    /// <exception cref="InvalidOperationException">The disk has refused something before: what is there has a hole that
    /// no need names.</exception>
    public ReplicaLink BeginLink(Action<int, NeedSet> need, Action<long, FileEntry> verified, bool isProven = false)
    {
        if (_isBroken)
            throw new InvalidOperationException("the disk refused a part of this replica; it can't be finished");
        // Before any offset is named: what is asked for from there on must be kept while the link lasts.
        while (_unfinished.Count > MostUnfinished) Abandon(_unfinished.Keys.First());
        return new ReplicaLink(this, _tree.BeginLink(), need, verified, isProven);
    }

    /// <summary>A link is over. What it brought without a hash of it here, no other link can go on with.</summary>
    internal void EndLink()
    {
        lock (_ending)
        {
            if (_isBroken || _isClosed) return;
            foreach (var (number, _) in _unfinished.Where(one => one.Value.Hash is null).ToList()) Abandon(number);
            CountDone();
        }
    }

    /// <summary>The sink has failed: what is there has a hole.</summary>
    internal void Break() => _isBroken = true;

    internal void CountDone() => Done = _inPlace + _unfinished.Values.Sum(file => file.Length);

    internal void Make(Entry entry) => _sink.Make(entry);

    /// <summary>Takes a file, or its beginning, from what the sink has, where it seems to be the same. Its digest
    /// tells.</summary>
    internal void Presume(long number, FileEntry file)
    {
        if (_sink.Find(file, mayStayOpen: _unfinished.Count < MostUnfinished) is not { } found) return;
        if (found.Digest is { } digest)
        {
            _held[number] = file with { Digest = digest };
            _presumed[number] = found;
        }
        else _unfinished[number] = new UnfinishedFile(file, found.Beginning, found.Hash);
    }

    /// <summary>What is held of a file, where all of it is.</summary>
    internal FileEntry? Held(long number) => _held.GetValueOrDefault(number);

    /// <summary>Whether what is held of it is thought to be the file, and not known.</summary>
    internal bool IsPresumed(long number) => _presumed.ContainsKey(number);

    /// <summary>The bytes that are there of an unfinished file, if it is the one that is announced; else they go.
    /// </summary>
    internal long LengthOf(long number, FileEntry file)
    {
        if (!_unfinished.TryGetValue(number, out var unfinished)) return 0;
        if (unfinished.Entry.Stamp == file.Stamp && unfinished.Entry.Metadata == file.Metadata)
            return unfinished.Length;
        Abandon(number);
        return 0;
    }

    /// <summary>The file that is being received, begun where it was not.</summary>
    internal UnfinishedFile Unfinished(long number, bool isProven)
    {
        if (_unfinished.TryGetValue(number, out var file)) return file;
        var entry = _tree.File(number);
        var created = _sink.TryCreate(entry);
        var hash = isProven ? null : _spareHash ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (hash is not null) _spareHash = null;
        return _unfinished[number] = new UnfinishedFile(entry, created, hash);
    }

    /// <summary>All of a file has come. False: what came is not what was said, and is still there.</summary>
    internal bool TryFinish(FileEntry file, EndFrame end, Action<long, FileEntry> verified)
    {
        if (!_unfinished.TryGetValue(end.Entry, out var received))
            throw new ProtocolException(ErrorCode.Order, $"entry {end.Entry} ends without content");
        if (!received.Is(end.Size, end.Digest)) return false;
        received.File?.Finish();
        _unfinished.Remove(end.Entry);
        if (received.Hash is { } hash) Spare(hash);
        Hold(end.Entry, file with { Digest = end.Digest }, received.File is not null, verified);
        return true;
    }

    internal void StageEmpty(long number, FileEntry file, Action<long, FileEntry> verified)
    {
        var empty = _sink.TryCreate(file);
        try
        {
            empty?.Finish();
        }
        catch
        {
            GiveUp(empty!);
            throw;
        }
        Hold(number, file with { Digest = Sha256Digest.OfNothing }, empty is not null, verified);
    }

    private static void GiveUp(ISinkFile file)
    {
        try
        {
            file.Abandon();
        }
        catch (PosixException)
        {
            // The failure that led here is the one to tell.
        }
    }

    /// <summary>The file is held and has the digest that was said. Whoever knew of it as verified knows.</summary>
    internal void Confirm(long number, FileEntry held, Action<long, FileEntry> verified)
    {
        _tree.Verified(number, held.Digest!.Value);
        if (!_presumed.Remove(number, out var found)) return;
        _sink.Confirm(held, found);
        _inPlace += held.Stamp.Size;
        verified(number, held);
    }

    /// <summary>What is there of the file is void.</summary>
    internal void Forget(long number, TreePath path)
    {
        Abandon(number);
        var isPresumed = _presumed.Remove(number);
        if (!_held.Remove(number, out var held)) return;
        if (!isPresumed) _inPlace -= held.Stamp.Size;
        _sink.Remove(path);
    }

    /// <summary>Puts what is whole at the front of the open pages into the sink's manifest.</summary>
    internal void SettleComplete()
    {
        foreach (var page in _tree.TakeComplete())
        {
            _sink.Append(page);
            for (var number = page.First; number < page.First + page.Count; number++) _held.Remove(number);
        }
    }

    private void Hold(long number, FileEntry file, bool isHere, Action<long, FileEntry> verified)
    {
        _held[number] = file;
        _inPlace += file.Stamp.Size;
        _tree.Verified(number, file.Digest!.Value);
        if (isHere) verified(number, file);
    }

    private void Abandon(long number)
    {
        if (!_unfinished.Remove(number, out var file)) return;
        if (file.Hash is { } hash)
        {
            Sha256Digest.Finish(hash);
            Spare(hash);
        }
        file.File?.Abandon();
    }

    // Most trees have very many small files, one after the other.
    private void Spare(IncrementalHash hash)
    {
        if ((_spareHash ??= hash) != hash) hash.Dispose();
    }

    /// <summary>Closes what is open; what is staged stays until it is discarded.</summary>
    public void Dispose()
    {
        lock (_ending)
        {
            _isClosed = true;
            foreach (var one in _unfinished.Values) one.Dispose();
            _sink.Dispose();
            _spareHash?.Dispose();
        }
    }
}
