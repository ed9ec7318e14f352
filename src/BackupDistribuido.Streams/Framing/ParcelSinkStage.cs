using System.Diagnostics;
using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Framing;

/// <summary>
/// Sends parcels on a connection, one write in flight, and closes the sending half when the upstream completes. Its
/// task completes after that, or fails: with the upstream's failure, or a <see cref="LinkException"/> when the
/// connection is lost or takes no byte for <paramref name="deadline"/>. A write that is under way when the stage stops
/// gets <see cref="Grace"/> to end at a frame's border. It never closes the connection as a whole. What it sends keeps
/// to <paramref name="limit"/>; null: it has none. Waiting for that is no silence of the other side's. Where it had
/// nothing to send for <paramref name="alivePeriod"/> it says ALIVE, and leaves the sending half open behind SEAL, for
/// an ERROR may have to follow; null: neither. Behind SEAL it says ALIVE only where <paramref name="answers"/> may
/// follow.
/// </summary>
public sealed class ParcelSinkStage(PeerConnection connection, TimeSpan deadline, WireLimit? limit = null,
    TimeSpan? alivePeriod = null, bool answers = false)
    : GraphStageWithMaterializedValue<SinkShape<Parcel>, Task<Done>>
{
    /// <summary>How long a write may go on after the stage has stopped.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Inlet<Parcel> _in = new("ParcelSink.in");

    /// <inheritdoc/>
    public override SinkShape<Parcel> Shape => new(_in);

    /// <inheritdoc/>
    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, connection, deadline, limit, alivePeriod, answers);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Finished);
    }

    private sealed class Logic : TimerGraphStageLogic, IInHandler
    {
        private static readonly ReadOnlyMemory<byte> Alive = FrameWriter.Header(AliveFrame.Instance);

        private readonly Inlet<Parcel> _in;
        private readonly PeerConnection _connection;
        private readonly TimeSpan _deadline;
        private readonly WireLimit? _limit;
        private readonly TimeSpan? _alivePeriod;
        private readonly bool _answers;
        private readonly TaskCompletionSource<Done> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _cut = new();
        private Action<Exception?> _onWritten = _ => { };
        private Action<Exception?> _onHalfClosed = _ => { };
        private bool _writing;
        private readonly HoleTime _holes = new();
        private bool _isSealed;
        private Parcel? _next;
        private long _progressAt;

        public Logic(ParcelSinkStage stage, PeerConnection connection, TimeSpan deadline, WireLimit? limit,
            TimeSpan? alivePeriod, bool answers) : base(stage.Shape)
        {
            (_in, _connection, _deadline, _limit) = (stage._in, connection, deadline, limit);
            (_alivePeriod, _answers) = (alivePeriod, answers);
            SetHandler(_in, this);
        }

        public Task<Done> Finished => _finished.Task;

        public override void PreStart()
        {
            _onWritten = GetAsyncCallback<Exception?>(OnWritten);
            _onHalfClosed = GetAsyncCallback<Exception?>(OnHalfClosed);
            SetKeepGoing(true);
            ScheduleRepeatedly(nameof(_deadline), _deadline / 8);
            if (_alivePeriod is { } period) ScheduleRepeatedly(nameof(_alivePeriod), period);
            Pull(_in);
        }

        public void OnPush()
        {
            // A sign of life is on its way.
            if (_writing) _next = Grab(_in);
            else Send(Grab(_in));
        }

        private void Send(Parcel parcel)
        {
            Volatile.Write(ref _progressAt, Stopwatch.GetTimestamp());
            _isSealed |= parcel.Frames[^1].Frame is SealFrame;
            foreach (var slice in parcel.Frames) _holes.Note(slice.Frame);
            var writing = SendAsync(parcel);
            if (!writing.IsCompletedSuccessfully) Await(writing, _onWritten);
            else if (IsClosed(_in)) HalfClose();
            else Pull(_in);
        }

        public void OnUpstreamFinish()
        {
            if (!_writing) HalfClose();
        }

        public void OnUpstreamFailure(Exception e) => Fail(e);

        protected override void OnTimer(object timerKey)
        {
            if (timerKey is nameof(_alivePeriod)) SayAlive();
            else if (_writing && Stopwatch.GetElapsedTime(Volatile.Read(ref _progressAt)) > _deadline
                && _holes.IsOver(_deadline))
            {
                _cut.Cancel();
                Fail(new LinkException(ErrorCode.Silence, LinkReason.TookNothing(_connection.Remote, _deadline)));
            }
        }

        public override void PostStop()
        {
            // Nothing to wait for when the whole stream system went down under us.
            _finished.TrySetException(new LinkException(ErrorCode.Stopping, LinkReason.Stopped));
            _next?.Release();
            _cut.CancelAfter(Grace);
        }

        private void OnWritten(Exception? problem)
        {
            _writing = false;
            if (problem is not null) Fail(Lost(problem));
            else if (_next is { } next)
            {
                _next = null;
                Send(next);
            }
            else if (IsClosed(_in)) HalfClose();
            else if (!HasBeenPulled(_in)) Pull(_in);
        }

        private void SayAlive()
        {
            // Behind SEAL only answers follow, and signs of life where there are any: the upstream may end later.
            if (_writing || IsClosed(_in) || (_isSealed && !_answers)
                || Stopwatch.GetElapsedTime(Volatile.Read(ref _progressAt)) < _alivePeriod!.Value / 2) return;
            Await(_connection.WriteAsync([Alive], Progressed, _cut.Token), _onWritten);
        }

        private void HalfClose()
        {
            if (_alivePeriod is not null && _isSealed) End();
            else Await(new ValueTask(_connection.CloseWritingAsync(_cut.Token)), _onHalfClosed);
        }

        private void OnHalfClosed(Exception? problem)
        {
            _writing = false;
            if (problem is not null)
            {
                Fail(Lost(problem));
                return;
            }
            End();
        }

        private void End()
        {
            _finished.TrySetResult(Done.Instance);
            CompleteStage();
        }

        private void Fail(Exception e)
        {
            _finished.TrySetException(e);
            FailStage(e);
        }

        private LinkException Lost(Exception e) =>
            e as LinkException
                ?? new LinkException(ErrorCode.Truncated, LinkReason.Lost(_connection.Remote, Reason.Of(e)), e);

        private void Await(ValueTask operation, Action<Exception?> callback)
        {
            _writing = true;
            Volatile.Write(ref _progressAt, Stopwatch.GetTimestamp());
            _ = HandOverAsync(operation, callback);
        }

        private static async Task HandOverAsync(ValueTask operation, Action<Exception?> callback)
        {
            try
            {
                await operation.ConfigureAwait(false);
                callback(null);
            }
            catch (Exception e)
            {
                callback(e);
            }
        }

        // Owns the parcel from here on, whatever becomes of the stage.
        private async ValueTask SendAsync(Parcel parcel)
        {
            try
            {
                await _connection.WriteAsync(parcel.Runs(), Progressed, _cut.Token, _limit).ConfigureAwait(false);
            }
            finally
            {
                parcel.Release();
            }
        }

        private void Progressed() => Volatile.Write(ref _progressAt, Stopwatch.GetTimestamp());
    }
}
