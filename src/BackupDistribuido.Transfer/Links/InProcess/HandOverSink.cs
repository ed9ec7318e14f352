using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>The giver's stream of a <see cref="HandOver"/>. Its task completes when the taker has taken all, and fails
/// with the upstream or with what the hand-over is broken with.</summary>
internal sealed class HandOverSink(HandOver place) : GraphStageWithMaterializedValue<SinkShape<Parcel>, Task<Done>>
{
    private readonly Inlet<Parcel> _in = new("HandOver.in");

    public override SinkShape<Parcel> Shape => new(_in);

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, place);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Finished);
    }

    private sealed class Logic : InGraphStageLogic
    {
        private readonly Inlet<Parcel> _in;
        private readonly HandOver _place;
        private readonly TaskCompletionSource<Done> _finished =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Logic(HandOverSink stage, HandOver place) : base(stage.Shape)
        {
            (_in, _place) = (stage._in, place);
            SetHandler(_in, this);
        }

        public Task<Done> Finished => _finished.Task;

        public override void PreStart()
        {
            _place.ConnectGiver(GetAsyncCallback(Look));
            SetKeepGoing(true);
            Look();
        }

        public override void OnPush() => _place.Give(Grab(_in));

        public override void OnUpstreamFinish() => _place.End();

        public override void OnUpstreamFailure(Exception e) => Fail(e);

        public override void PostStop() =>
            _finished.TrySetException(new LinkException(ErrorCode.Stopping, LinkReason.Stopped));

        private void Look()
        {
            var (hasRoom, isAllTaken, failure) = _place.LookAsGiver();
            if (failure is not null) Fail(failure);
            else if (isAllTaken)
            {
                _finished.TrySetResult(Done.Instance);
                CompleteStage();
            }
            else if (hasRoom && !IsClosed(_in) && !HasBeenPulled(_in)) Pull(_in);
        }

        private void Fail(Exception e)
        {
            _finished.TrySetException(e);
            FailStage(e);
        }
    }
}
