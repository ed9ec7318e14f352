using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Tests.FanOut;

/// <summary>Never wants anything; its task tells how the upstream ended (null: it completed).</summary>
internal sealed class HangingSink : GraphStageWithMaterializedValue<SinkShape<Parcel>, Task<Exception?>>
{
    private readonly Inlet<Parcel> _in = new("Hanging.in");

    public override SinkShape<Parcel> Shape => new(_in);

    public override ILogicAndMaterializedValue<Task<Exception?>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var ended = new TaskCompletionSource<Exception?>();
        return new LogicAndMaterializedValue<Task<Exception?>>(new Logic(this, ended), ended.Task);
    }

    private sealed class Logic : InGraphStageLogic
    {
        private readonly TaskCompletionSource<Exception?> _ended;

        public Logic(HangingSink stage, TaskCompletionSource<Exception?> ended) : base(stage.Shape)
        {
            _ended = ended;
            SetHandler(stage._in, this);
        }

        public override void OnPush() => throw new InvalidOperationException("never pulled");

        public override void OnUpstreamFinish()
        {
            _ended.TrySetResult(null);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            _ended.TrySetResult(e);
            FailStage(e);
        }
    }
}
