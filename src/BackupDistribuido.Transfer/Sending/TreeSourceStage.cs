using System.Diagnostics;
using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>What a pass hears from its links while it runs. Safe from any thread.</summary>
public interface IPassControl
{
    /// <summary>A child says what it needs of a page.</summary>
    void Needs(NodeName child, int page, NeedSet needs);

    /// <summary>A child takes no part any more.</summary>
    void Left(NodeName child);
}

/// <summary>How far a pass is: what it has dealt with, the bytes that it has given to its links, and the time in which
/// it read them.</summary>
public readonly record struct SourceProgress(TreeTotals Dealt, long Given, TimeSpan Reading);

/// <summary>
/// One pass over the origin's tree: announces the pages from the first that a child lacks, at most
/// <see cref="WireLimits.PagesAhead"/> ahead, sends each page's content when all children have said what they need of
/// it, and ends with the seal. Reads files on its own thread, so it wants a dispatcher that may block. When nothing
/// <paramref name="isTaken"/> by anyone any more it reads no further: that its last child has left is on its way to it.
/// The seal is <paramref name="sealedAs"/> told as soon as it is given to the links: how long those take with what lies
/// before it is of no matter.
/// </summary>
/// <param name="provesAll">Whether receivers rely on each file's digest being made from what is sent of it.</param>
public sealed class TreeSourceStage(ISnapshotSource tree,
    IReadOnlyDictionary<NodeName, int> firstPages, BufferPool pool, Func<bool> isTaken, Action<SourceProgress> sent,
    Action<SealedTree> sealedAs, bool provesAll = false)
    : GraphStageWithMaterializedValue<SourceShape<Parcel>, IPassControl>
{
    private readonly Outlet<Parcel> _out = new("TreeSource.out");

    public override SourceShape<Parcel> Shape => new(_out);

    public override ILogicAndMaterializedValue<IPassControl> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, tree, firstPages, new ParcelBuilder(pool), isTaken, sent, sealedAs,
            provesAll);
        return new LogicAndMaterializedValue<IPassControl>(logic, logic);
    }

    private sealed class Logic : TimerGraphStageLogic, IOutHandler, IPassControl
    {
        private readonly Outlet<Parcel> _out;
        private readonly ISnapshotSource _tree;
        private readonly ParcelBuilder _parcels;
        private readonly ContentReader _content;
        private readonly Func<bool> _isTaken;
        private readonly Action<SourceProgress> _sent;
        private readonly Action<SealedTree> _sealedAs;
        private long _given;
        private TimeSpan _reading;
        private readonly NeedMerge _merge = new();
        private readonly HashSet<NodeName> _children;
        private readonly Dictionary<int, NeedSet> _needs = [];
        private readonly Action<(NodeName Child, int Page, NeedSet Needs)> _onNeeds;
        private readonly Action<NodeName> _onLeft;
        private int _toAnnounce;
        private int _toSend;
        private bool _sending;
        private bool _allAnnounced;
        private bool _sealed;

        public Logic(TreeSourceStage stage, ISnapshotSource tree,
            IReadOnlyDictionary<NodeName, int> firstPages, ParcelBuilder parcels, Func<bool> isTaken,
            Action<SourceProgress> sent, Action<SealedTree> sealedAs, bool provesAll) : base(stage.Shape)
        {
            (_out, _tree, _parcels, _isTaken, _sent, _sealedAs) = (stage._out, tree, parcels, isTaken, sent, sealedAs);
            _content = new ContentReader(tree, parcels, provesAll: provesAll);
            _children = [.. firstPages.Keys];
            foreach (var (child, first) in firstPages) _merge.Join(child, first);
            _toAnnounce = _toSend = firstPages.Values.Min();
            _onNeeds = GetAsyncCallback<(NodeName Child, int Page, NeedSet Needs)>(given =>
            {
                // Its link's last words may come after it was said to have left.
                if (!_children.Contains(given.Child)) return;
                Known(_merge.Give(given.Child, given.Page, given.Needs));
                Produce();
            });
            _onLeft = GetAsyncCallback<NodeName>(child =>
            {
                foreach (var known in _merge.Leave(child)) Known(known);
                // Without anyone to read for there is nothing to do; the next pass goes on from here.
                if (_children.Remove(child) && _children.Count == 0) CompleteStage();
                else Produce();
            });
            SetHandler(_out, this);
        }

        public void Needs(NodeName child, int page, NeedSet needs) => _onNeeds((child, page, needs));

        public void Left(NodeName child) => _onLeft(child);

        public void OnPull() => Produce();

        public void OnDownstreamFinish(Exception cause) => InternalOnDownstreamFinish(cause);

        protected override void OnTimer(object timerKey) => Produce();

        private void Known(PageNeeds? known)
        {
            if (known is { } page) _needs.Add(page.Page, page.Needs);
        }

        /// <summary>Pushes a parcel where one is wanted and there is something to say; otherwise waits for
        /// needs.</summary>
        private void Produce()
        {
            if (!IsAvailable(_out) || !_isTaken()) return;
            var began = Stopwatch.GetTimestamp();
            _content.Reads = () =>
                _sent(new SourceProgress(_content.Sent, _given, _reading + Stopwatch.GetElapsedTime(began)));
            // Answers behind the seal of an earlier pass are read from it too.
            lock (_tree)
            {
                while (!_sealed && Step())
                {
                }
            }
            _reading += Stopwatch.GetElapsedTime(began);
            var parcel = _parcels.Take();
            _given += parcel?.Length ?? 0;
            _sent(new SourceProgress(_content.Sent, _given, _reading));
            if (parcel is not null) Push(_out, parcel);
            if (_sealed && _parcels.IsEmpty) CompleteStage();
            else if (parcel is null && _content.Pause is { } pause) ScheduleOnce(nameof(ContentReader.Pause), pause);
        }

        /// <summary>One step towards a full parcel. False: the parcel should be taken now, or there is nothing to do
        /// until more needs are known.</summary>
        private bool Step()
        {
            if (_sending)
            {
                if (!_content.Fill()) return false;
                _sending = false;
                _toSend++;
            }
            if (!_allAnnounced && _toAnnounce < _toSend + WireLimits.PagesAhead) return Announce();
            if (_toSend == _toAnnounce) return Seal();
            if (!_needs.Remove(_toSend, out var needs)) return false;
            _content.Begin(_tree.Page(_toSend)!, needs);
            return _sending = true;
        }

        private bool Announce()
        {
            if (_tree.Page(_toAnnounce) is not { } page)
            {
                _allAnnounced = true;
                return true;
            }
            var lines = page.Lines();
            if (!_parcels.HasRoomFor(lines.Length)) return false;
            _parcels.Append(page.Frame(lines.Span), lines.Span);
            _content.AnnouncedEnd = page.First + page.Count;
            Known(_merge.Announce(_toAnnounce++));
            // Sent at once, so that the answer comes the sooner.
            return false;
        }

        private bool Seal()
        {
            if (!_parcels.HasRoomFor(0)) return false;
            var seal = _tree.MakeSeal();
            _parcels.Append(seal);
            _sealed = true;
            if (_tree.Seal is { } told) _sealedAs(told);
            return false;
        }

        public override void PostStop()
        {
            _content.Dispose();
            _parcels.Dispose();
        }
    }
}
