using System.Diagnostics;
using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Framing;

/// <summary>
/// Receives parcels from a connection: bytes are read only while somebody wants a parcel, straight into leased buffers.
/// It completes when the other side ended the conversation as it must, and fails with a <see cref="ProtocolException"/>
/// (the other side broke the protocol) or a <see cref="LinkException"/> (lost, silent, or it sent ERROR). Its task
/// tells the same, and a consumer's cancelling as a failure. To be materialised once; it never closes the connection.
/// What has come is given on, and more is read, when <paramref name="limit"/> allows for it; null: at once. Behind the
/// frame that ends a direction by itself (docs/protocol.md, rule 22) it completes; its task, when the connection's
/// other side has ended it too.
/// </summary>
public sealed class ParcelSourceStage(PeerConnection connection, Direction direction, BufferPool pool,
    SilenceDeadline? deadline = null, WireLimit? limit = null, LinkProfile? profile = null)
    : GraphStageWithMaterializedValue<SourceShape<Parcel>, Task<Done>>
{
    private readonly Outlet<Parcel> _out = new("ParcelSource.out");

    /// <inheritdoc/>
    public override SourceShape<Parcel> Shape => new(_out);

    /// <inheritdoc/>
    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, connection, direction, new ParcelDecoder(pool, direction,
            profile ?? LinkProfile.Newest.Plain), deadline, limit);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Finished);
    }

    private sealed class Logic : TimerGraphStageLogic, IOutHandler
    {
        private readonly Outlet<Parcel> _out;
        private readonly PeerConnection _connection;
        private readonly Direction _direction;
        private readonly ParcelDecoder _decoder;
        private readonly SilenceDeadline? _deadline;
        private readonly WireLimit? _limit;
        private readonly TaskCompletionSource<Done> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _stopped = new();
        private Action<Received> _onReceived = _ => { };
        private bool _waiting;
        private bool _isOver;
        private long _silentSince;

        public Logic(ParcelSourceStage stage, PeerConnection connection, Direction direction, ParcelDecoder decoder,
            SilenceDeadline? deadline, WireLimit? limit) : base(stage.Shape)
        {
            (_out, _connection, _direction) = (stage._out, connection, direction);
            (_decoder, _deadline, _limit) = (decoder, deadline, limit);
            SetHandler(_out, this);
        }

        public Task<Done> Finished => _finished.Task;

        public override void PreStart()
        {
            _onReceived = GetAsyncCallback<Received>(OnReceived);
            if (_deadline is not null) ScheduleRepeatedly("silence", _deadline.Limit / 8);
        }

        public void OnPull()
        {
            if (_decoder.IsOver && _direction == Direction.Down) WatchEnd();
            else Read();
        }

        public void OnDownstreamFinish(Exception cause)
        {
            _finished.TrySetException(cause is SubscriptionWithCancelException.NonFailureCancellation
                ? new LinkException(ErrorCode.Stopping, LinkReason.NotWanted)
                : cause);
            CancelStage(cause);
        }

        protected override void OnTimer(object timerKey)
        {
            if (!_waiting || _isOver) return;
            if (_deadline!.Runs?.Invoke() == false) _silentSince = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(_silentSince) <= _deadline.Limit) return;
            else if (_decoder.IsOver) End();
            else
            {
                Fail(new LinkException(ErrorCode.Silence, LinkReason.SaidNothing(_connection.Remote, _deadline.Limit)));
            }
        }

        public override void PostStop()
        {
            _finished.TrySetException(new LinkException(ErrorCode.Stopping, LinkReason.Stopped));
            _stopped.Cancel();
            _decoder.Dispose();
        }

        private void Read()
        {
            try
            {
                ValueTask<int> reading;
                do
                {
                    var space = _decoder.Space(out var lease);
                    reading = ReceiveAsync(space, lease);
                }
                while (reading.IsCompleted && !Take(reading.GetAwaiter().GetResult()));
                if (reading.IsCompleted) return;
                _waiting = true;
                _silentSince = Stopwatch.GetTimestamp();
                _ = HandOverAsync(reading);
            }
            catch (Exception e)
            {
                Fail(Explained(e));
            }
        }

        private void OnReceived(Received received)
        {
            _waiting = false;
            if (received.Problem is not null)
            {
                // Behind the last word it does not matter how the connection ends.
                if (_decoder.IsOver) End();
                else Fail(Explained(received.Problem));
                return;
            }
            try
            {
                if (Take(received.Count)) return;
            }
            catch (Exception e)
            {
                Fail(e);
                return;
            }
            Read();
        }

        /// <summary>True when the demand is answered: by a parcel, or by the end.</summary>
        private bool Take(int count)
        {
            if (count == 0)
            {
                _decoder.End();
                End();
                return true;
            }
            if (_decoder.Take(count) is not { } parcel) return false;
            Push(_out, parcel);
            return true;
        }

        private void End()
        {
            _finished.TrySetResult(Done.Instance);
            CompleteStage();
        }

        /// <summary>Nothing more is given on; what may still come is the end, or why the other side gives up.</summary>
        private void WatchEnd()
        {
            _isOver = true;
            SetKeepGoing(true);
            Complete(_out);
            Read();
        }

        // The buffer is held for as long as the system may still write to it, also when the stage is over by then.
        private async ValueTask<int> ReceiveAsync(Memory<byte> space, Lease lease)
        {
            lease.Retain();
            try
            {
                var piece = _limit is null ? space : space[..Math.Min(space.Length, _limit.Piece)];
                var count = await _connection.ReadAsync(piece, _stopped.Token).ConfigureAwait(false);
                if (_limit is not null && count > 0)
                    await _limit.TakeAsync(count, null, _stopped.Token).ConfigureAwait(false);
                return count;
            }
            finally
            {
                lease.Release();
            }
        }

        private async Task HandOverAsync(ValueTask<int> reading)
        {
            try
            {
                _onReceived(new Received(await reading.ConfigureAwait(false), null));
            }
            catch (Exception e)
            {
                _onReceived(new Received(0, e));
            }
        }

        private void Fail(Exception e)
        {
            _finished.TrySetException(e);
            FailStage(e);
        }

        private Exception Explained(Exception e) => e is ProtocolException or LinkException
            ? e
            : new LinkException(ErrorCode.Truncated, LinkReason.Lost(_connection.Remote, Reason.Of(e)), e);

        private readonly record struct Received(int Count, Exception? Problem);
    }
}
