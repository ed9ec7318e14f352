using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.FanOut;

/// <summary>The inlet of a <see cref="ParcelFanOut"/>: pulls while no branch is full, watches the deadlines, and stays
/// until every branch is drained.</summary>
internal sealed class FanOutStage(ParcelFanOut fanOut) : GraphStageWithMaterializedValue<SinkShape<Parcel>, Task<Done>>
{
    private static readonly TimeSpan DeadlineCheck = TimeSpan.FromMilliseconds(100);

    private readonly Inlet<Parcel> _in = new("ParcelFanOut.in");

    public override SinkShape<Parcel> Shape => new(_in);

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, fanOut);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Finished);
    }

    private sealed class Logic : TimerGraphStageLogic, IInHandler
    {
        private readonly Inlet<Parcel> _in;
        private readonly ParcelFanOut _fanOut;
        private readonly TaskCompletionSource<Done> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Logic(FanOutStage stage, ParcelFanOut fanOut) : base(stage.Shape)
        {
            (_in, _fanOut) = (stage._in, fanOut);
            SetHandler(_in, this);
        }

        public Task<Done> Finished => _finished.Task;

        public override void PreStart()
        {
            _fanOut.OpenInlet(GetAsyncCallback(OnWoken));
            SetKeepGoing(true);
            ScheduleRepeatedly("deadlines", DeadlineCheck);
            PullIfRoom();
        }

        public void OnPush()
        {
            var parcel = Grab(_in);
            _fanOut.Give(parcel);
            parcel.Release();
            PullIfRoom();
        }

        public void OnUpstreamFinish()
        {
            _fanOut.CompleteInlet();
            FinishIfDrained();
        }

        public void OnUpstreamFailure(Exception e)
        {
            _fanOut.FailInlet(e);
            _finished.TrySetException(e);
            FailStage(e);
        }

        protected override void OnTimer(object timerKey) => _fanOut.DropStalled();

        public override void PostStop()
        {
            var stopped = new LinkException(ErrorCode.Stopping, LinkReason.Stopped);
            _fanOut.FailInlet(stopped);
            _finished.TrySetException(stopped);
        }

        private void OnWoken()
        {
            if (IsClosed(_in)) FinishIfDrained();
            else PullIfRoom();
        }

        private void PullIfRoom()
        {
            if (!HasBeenPulled(_in) && !IsClosed(_in) && _fanOut.HasRoom()) Pull(_in);
        }

        private void FinishIfDrained()
        {
            if (!_fanOut.IsDrained) return;
            _finished.TrySetResult(Done.Instance);
            CompleteStage();
        }
    }
}
