using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Framing;

namespace BackupDistribuido.Streams.FanOut;

/// <summary>The outlet of one branch.</summary>
internal sealed class BranchStage(ParcelFanOut fanOut, Branch branch) : GraphStage<SourceShape<Parcel>>
{
    private readonly Outlet<Parcel> _out = new("Branch.out");

    public override SourceShape<Parcel> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, fanOut, branch);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly Outlet<Parcel> _out;
        private readonly ParcelFanOut _fanOut;
        private readonly Branch _branch;
        private bool _connected;

        public Logic(BranchStage stage, ParcelFanOut fanOut, Branch branch) : base(stage.Shape)
        {
            (_out, _fanOut, _branch) = (stage._out, fanOut, branch);
            SetHandler(_out, this);
        }

        public override void PreStart()
        {
            _fanOut.Connect(_branch, GetAsyncCallback(TakeNext));
            _connected = true;
            // It may have ended before anybody could be woken.
            Finish(_fanOut.Look(_branch));
        }

        public override void OnPull() => TakeNext();

        public override void OnDownstreamFinish(Exception cause)
        {
            _fanOut.Lose(_branch, cause is SubscriptionWithCancelException.NonFailureCancellation
                ? new LinkException(ErrorCode.Stopping, LinkReason.ChildWantsNoMore(_branch.Name))
                : cause);
            CancelStage(cause);
        }

        public override void PostStop()
        {
            if (_connected)
                _fanOut.Lose(_branch, new LinkException(ErrorCode.Stopping, LinkReason.ChildStopped(_branch.Name)));
        }

        private void TakeNext()
        {
            var taken = IsAvailable(_out) ? _fanOut.Take(_branch) : _fanOut.Look(_branch);
            if (taken.Parcel is not null) Push(_out, taken.Parcel);
            Finish(taken);
        }

        private void Finish(ParcelFanOut.Taken taken)
        {
            if (!taken.IsEnd) return;
            if (taken.Failure is not null) FailStage(taken.Failure);
            else CompleteStage();
        }
    }
}
