using System.Collections.Concurrent;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Hosting.Notices;

namespace BackupDistribuido.Hosting.Tests.Notices;

public sealed class NoticeQueueTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentQueue<string> _warnings = [];

    private static Notice Notice(int number) => new(NoticeKind.AtRisk, $"{{\"n\":{number}}}");

    [Fact]
    public async Task What_fails_is_tried_again_and_order_is_kept()
    {
        using var target =
            new HandTarget((_, attempt) => attempt % 3 == 0
                ? NoticeResult.Delivered : new NoticeResult(Reason.Text("busy")));
        await using (var queue = new NoticeQueue(target, Bound, 3, Pause, said => _warnings.Enqueue(said.ToString())))
        {
            for (var i = 1; i <= 3; i++) queue.Add(Notice(i));
            await target.Attempts(9);
        }
        Assert.Equal([1, 1, 1, 2, 2, 2, 3, 3, 3], target.Received.Select(json => json[5] - '0'));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task After_its_attempts_it_is_given_up_with_one_warning()
    {
        using var target = new HandTarget((_, _) => new NoticeResult(Reason.Text("busy")));
        await using (var queue = new NoticeQueue(target, Bound, 4, Pause, said => _warnings.Enqueue(said.ToString())))
        {
            queue.Add(Notice(1));
            await target.Attempts(4);
        }
        Assert.Equal(["hand was not told of at-risk: busy (4 attempts)"], _warnings);
    }

    [Fact]
    public async Task What_is_refused_for_good_is_not_tried_again()
    {
        using var target = new HandTarget((_, _) => new NoticeResult(Reason.Text("it answered 404"), IsFinal: true));
        await using (var queue = new NoticeQueue(target, Bound, 4, Pause, said => _warnings.Enqueue(said.ToString())))
        {
            queue.Add(Notice(1));
            queue.Add(Notice(2));
            await target.Attempts(2);
        }
        Assert.Equal(2, target.Received.Count);
        Assert.Equal(["hand was not told of at-risk: it answered 404 (1 attempt)",
            "hand was not told of at-risk: it answered 404 (1 attempt)"], _warnings);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_left_after_its_time()
    {
        using var target = new HandTarget(async cancel =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return NoticeResult.Delivered;
        });
        await using (var queue = new NoticeQueue(target, TimeSpan.FromMilliseconds(50), 2, Pause,
            said => _warnings.Enqueue(said.ToString())))
        {
            queue.Add(Notice(1));
            await target.Attempts(2);
            await Task.Delay(200);
        }
        Assert.Equal(["hand was not told of at-risk: no answer within 0.05 s (2 attempts)"], _warnings);
    }

    [Fact]
    public async Task At_most_so_many_wait_and_whoever_adds_never_does()
    {
        var gate = new TaskCompletionSource();
        using var target = new HandTarget(async _ =>
        {
            await gate.Task;
            return NoticeResult.Delivered;
        });
        await using (var queue = new NoticeQueue(target, Bound, 1, Pause, said => _warnings.Enqueue(said.ToString())))
        {
            queue.Add(Notice(0));
            await target.Attempts(1);
            for (var i = 0; i < NoticeQueue.Capacity + 50; i++) queue.Add(Notice(1));
            gate.SetResult();
        }
        Assert.Equal(1 + NoticeQueue.Capacity, target.Received.Count);
        Assert.Equal(["hand is not told of some events: 256 are waiting for it already"], _warnings);
    }

    [Fact]
    public async Task At_the_end_each_that_waits_gets_one_attempt_without_pauses()
    {
        using var target = new HandTarget((_, _) => new NoticeResult(Reason.Text("busy")));
        var queue =
            new NoticeQueue(target, Bound, 8, TimeSpan.FromHours(1), said => _warnings.Enqueue(said.ToString()));
        for (var i = 1; i <= 3; i++) queue.Add(Notice(i));
        await target.Attempts(1);
        await queue.DisposeAsync().AsTask().WaitAsync(Bound);
        Assert.Equal(3, target.Received.Select(json => json).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(3, _warnings.Count);
        queue.Add(Notice(4));
    }

    private sealed class HandTarget(Func<CancellationToken, Task<NoticeResult>> answer) : INoticeTarget
    {
        private int _attempt;

        public HandTarget(Func<Notice, int, NoticeResult> answer) : this(_ => Task.FromResult(default(NoticeResult))) =>
            Answer = answer;

        private Func<Notice, int, NoticeResult>? Answer { get; }

        public ConcurrentQueue<string> Received { get; } = [];

        public string Name => "hand";

        public Task<NoticeResult> SendAsync(Notice notice, CancellationToken cancel)
        {
            Received.Enqueue(notice.Json);
            var attempt = Interlocked.Increment(ref _attempt);
            return Answer is null ? answer(cancel) : Task.FromResult(Answer(notice, attempt));
        }

        public async Task Attempts(int count)
        {
            using var bound = new CancellationTokenSource(Bound);
            while (Received.Count < count) await Task.Delay(5, bound.Token);
        }

        public void Dispose() { }
    }
}
