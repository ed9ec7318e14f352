using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Transfer.Links.InProcess;

/// <summary>The taker's stream of a <see cref="HandOver"/>. It must end behind SEAL, as a link's input does; its task
/// tells how it ended, a consumer's cancelling as a failure.</summary>
internal sealed class HandOverSource(HandOver place) : GraphStageWithMaterializedValue<SourceShape<Parcel>, Task<Done>>
{
    private readonly Outlet<Parcel> _out = new("HandOver.out");

    public override SourceShape<Parcel> Shape => new(_out);

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, place);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Finished);
    }

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly Outlet<Parcel> _out;
        private readonly HandOver _place;
        private readonly TaskCompletionSource<Done> _finished =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isSealed;

        public Logic(HandOverSource stage, HandOver place) : base(stage.Shape)
        {
            (_out, _place) = (stage._out, place);
            SetHandler(_out, this);
        }

        public Task<Done> Finished => _finished.Task;

        public override void PreStart()
        {
            _place.ConnectTaker(GetAsyncCallback(TakeNext));
            TakeNext();
        }

        public override void OnPull() => TakeNext();

        public override void OnDownstreamFinish(Exception cause)
        {
            _finished.TrySetException(cause is SubscriptionWithCancelException.NonFailureCancellation
                ? new LinkException(ErrorCode.Stopping, LinkReason.NotWanted)
                : cause);
            CancelStage(cause);
        }

        public override void PostStop() =>
            _finished.TrySetException(new LinkException(ErrorCode.Stopping, LinkReason.Stopped));

        private void TakeNext()
        {
            var (parcel, isEnd, failure) = _place.Take(IsAvailable(_out));
            if (parcel is not null)
            {
                _isSealed |= parcel.Frames[^1].Frame is SealFrame;
                Push(_out, parcel);
            }
            else if (failure is not null) Fail(failure);
            else if (isEnd && !_isSealed)
                Fail(new ProtocolException(ErrorCode.Truncated, "the input ended before SEAL"));
            else if (isEnd)
            {
                _finished.TrySetResult(Done.Instance);
                CompleteStage();
            }
        }

        private void Fail(Exception e)
        {
            _finished.TrySetException(e);
            FailStage(e);
        }
    }
}
