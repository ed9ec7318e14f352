using System.Diagnostics;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.Links;

/// <summary>A parent's branch to one child: a link that is up, what the child needs, and the part of the parcels that
/// it is sent, within the parent's <paramref name="limit"/> for all its links (null: none). Behind the seal
/// <paramref name="answers"/> give it what it asks for; null: it may not ask.</summary>
public sealed class ChildBranch(NodeName child, IChildLink link, BufferPool pool, LinkDeadlines deadlines,
    WireLimit? limit = null, IContentAnswers? answers = null)
{
    private readonly ContentRequests _requests = new();
    private readonly HoleTime _holes = new();
    private readonly BranchNeeds _needs = new(link.Welcome.FirstPage);
    private int _owed = link.Welcome.FirstPage;
    private long _owedSince;
    private long _sealedAt;
    private volatile SealFrame? _seal;

    /// <summary>The child's name.</summary>
    public NodeName Child => child;

    /// <summary>What has gone over the link by now.</summary>
    public LinkFlow Flow
    {
        get
        {
            var (bytes, busy) = link.Sent;
            return new LinkFlow(child, bytes, (long)busy.TotalMilliseconds);
        }
    }

    /// <summary>The first page that the child, or someone below it, does not have whole.</summary>
    public int FirstPage => link.Welcome.FirstPage;

    /// <summary>Attaches to the fan-out and runs until the child is done (completes) or the link has failed, which ends
    /// the branch and none of the others.</summary>
    /// <param name="fanOut">What it is a branch of. Its inlet must not run yet, or the child would miss the
    /// beginning.</param>
    /// <param name="needed">Told what the child needs of a page, in the order of the pages; must not block.</param>
    /// <param name="materializer">Runs the streams.</param>
    /// <param name="cancel">Cuts the link.</param>
    /// <exception cref="LinkException">The child is lost, silent or refuses.</exception>
    /// <exception cref="ProtocolException">The child broke the protocol.</exception>
    public Task RunAsync(ParcelFanOut fanOut, Action<int, NeedSet> needed, IMaterializer materializer,
        CancellationToken cancel)
    {
        var parcels =
            fanOut.Attach(child.ToString(), new BranchOptions { Wants = Wants, ProgressDeadline = deadlines.Progress })
            .SelectMany(parcel => PageForm.Of(parcel, link.Welcome.Profile, pool));
        if (HasContent) parcels = parcels.Concat(answers!.Parcels.Select(NoteAnswer));
        return link.RunAsync(parcels, (frame, payload) => Hear(frame, payload.Span, needed),
            new LinkTerms(pool, deadlines, limit), materializer, cancel, CheckWaits);
    }

    /// <summary>Gives up a link that was never run; see <see cref="IChildLink.Cut"/>.</summary>
    public void Cut(ErrorFrame? why = null) => link.Cut(why);

    private bool Wants(Frame frame, ReadOnlyMemory<byte> payload)
    {
        _holes.Note(frame);
        if (frame is PageFrame && !_needs.IsOwed) Volatile.Write(ref _owedSince, Stopwatch.GetTimestamp());
        if (frame is SealFrame seal)
        {
            Volatile.Write(ref _sealedAt, Stopwatch.GetTimestamp());
            _seal = seal;
        }
        return _needs.Wants(frame, payload.Span);
    }

    private bool HasContent => answers is not null && link.Welcome.Profile.HasContent;

    private Parcel NoteAnswer(Parcel parcel)
    {
        Volatile.Write(ref _sealedAt, Stopwatch.GetTimestamp());
        return parcel;
    }

    /// <summary>A sign of life is no progress.</summary>
    private void CheckWaits()
    {
        if (_seal is { } seal && deadlines.DoneAfter(seal) is var limit
            && Stopwatch.GetElapsedTime(Volatile.Read(ref _sealedAt)) >= limit)
            throw new LinkException(ErrorCode.Silence, LinkReason.NotStored(child, limit));
        if (!_needs.IsOwed || Stopwatch.GetElapsedTime(Volatile.Read(ref _owedSince)) < deadlines.Needs
            || !_holes.IsOver(deadlines.Needs)) return;
        throw new LinkException(ErrorCode.Silence, LinkReason.NeedsUnknown(child, deadlines.Needs));
    }

    private void Hear(Frame frame, ReadOnlySpan<byte> payload, Action<int, NeedSet> needed)
    {
        if (frame is DoneFrame done)
        {
            if (_seal is not { } seal) throw new ProtocolException(ErrorCode.Order, "DONE before SEAL");
            if (done.Digest != seal.Digest)
                throw new ProtocolException(ErrorCode.Digest, "DONE with another digest than the seal's");
            answers?.Done();
            return;
        }
        if (frame is WantFrame want)
        {
            if (_seal is null || answers is null) throw new ProtocolException(ErrorCode.Order, "WANT before SEAL");
            Volatile.Write(ref _sealedAt, Stopwatch.GetTimestamp());
            answers.Ask(_requests.Take(want, payload), _requests.Answered);
            return;
        }
        if (frame is not NeedFrame need) throw new ProtocolException(ErrorCode.Order, "a second greeting");
        var page = _needs.Announced(need.Page)
            ?? throw new ProtocolException(ErrorCode.Order, $"needs of page {need.Page}, which is not announced");
        if (need.Page != _owed)
            throw new ProtocolException(ErrorCode.Order,
                $"needs of page {need.Page} came where those of page {_owed} are due");
        var needs = NeedText.Parse(payload, page, link.Welcome.Profile.Version);
        _needs.Give(need.Page, needs);
        _owed++;
        Volatile.Write(ref _owedSince, Stopwatch.GetTimestamp());
        needed(need.Page, needs);
    }
}
