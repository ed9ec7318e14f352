using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending.Content;

/// <summary>
/// What goes down a link behind the seal: the answers to its child's requests, until the child is done. It reads files,
/// so it wants a dispatcher that may block; the source is locked while it is read.
/// </summary>
internal sealed class ContentStage(ISnapshotSource source, BufferPool pool)
    : GraphStageWithMaterializedValue<SourceShape<Parcel>, ContentStage.IMailbox>
{
    private readonly Outlet<Parcel> _out = new("Content.out");

    /// <summary>What the stage hears from its link. Safe from any thread.</summary>
    public interface IMailbox
    {
        /// <summary>A request.</summary>
        void Ask(ContentRequest request, Action answered);

        /// <summary>There will be no more.</summary>
        void Done();
    }

    public override SourceShape<Parcel> Shape => new(_out);

    public override ILogicAndMaterializedValue<IMailbox> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this, source, new ParcelBuilder(pool));
        return new LogicAndMaterializedValue<IMailbox>(logic, logic);
    }

    private sealed class Logic : OutGraphStageLogic, IMailbox
    {
        private readonly Outlet<Parcel> _out;
        private readonly ISnapshotSource _source;
        private readonly ParcelBuilder _parcels;
        private readonly ContentReading _reading;
        private readonly Queue<(ContentRequest Request, Action Answered)> _waiting = new();
        private readonly Action<(ContentRequest Request, Action Answered)> _onAsked;
        private readonly Action _onDone;
        private Action _answered = () => { };

        public Logic(ContentStage stage, ISnapshotSource source, ParcelBuilder parcels) : base(stage.Shape)
        {
            (_out, _source, _parcels) = (stage._out, source, parcels);
            _reading = new ContentReading(source, parcels);
            _onAsked = GetAsyncCallback<(ContentRequest Request, Action Answered)>(request =>
            {
                _waiting.Enqueue(request);
                Produce();
            });
            _onDone = GetAsyncCallback(CompleteStage);
            SetHandler(_out, this);
        }

        public void Ask(ContentRequest request, Action answered) => _onAsked((request, answered));

        public void Done() => _onDone();

        public override void OnPull() => Produce();

        private void Produce()
        {
            if (!IsAvailable(_out)) return;
            lock (_source)
            {
                while (!_parcels.IsFull && _parcels.HasRoomFor(0) && Step())
                {
                }
            }
            if (_parcels.Take() is { } parcel) Push(_out, parcel);
        }

        private bool Step()
        {
            if (!_reading.IsOpen)
            {
                if (!_waiting.TryDequeue(out var next)) return false;
                _answered = next.Answered;
                if (_reading.Begin(next.Request)) _answered();
            }
            else if (_reading.ReadOn()) _answered();
            return true;
        }

        public override void PostStop()
        {
            lock (_source) _reading.Dispose();
            _parcels.Dispose();
        }
    }
}
