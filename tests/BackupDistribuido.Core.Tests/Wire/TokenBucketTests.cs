using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Wire;

public sealed class TokenBucketTests
{
    [Fact]
    public void In_no_span_of_time_more_goes_than_the_rate_and_its_savings_allow() =>
        Gen.Select(Gen.Long[Rate.Min, 1_000_000_000], Gen.Select(Gen.Int[1, 131_072], Gen.Int[0, 50]).Array[1, 60])
            .Sample((rate, asked) =>
        {
            var (bucket, now, went) =
                (new TokenBucket(Rate.Of(rate)), TimeSpan.Zero, new List<(TimeSpan At, int Bytes)>());
            foreach (var (bytes, pause) in asked)
            {
                now += TimeSpan.FromMilliseconds(pause);
                went.Add((now + bucket.Take(bytes, now), bytes));
            }
            for (var first = 0; first < went.Count; first++)
            {
                // The last of them is on its way when the span ends.
                var (span, sum) =
                    (went[^1].At - went[first].At, went.Skip(first).SkipLast(1).Sum(piece => (long)piece.Bytes));
                Assert.InRange(sum, 0, (long)(rate * (span + TokenBucket.Savings).TotalSeconds) + 1 + went.Count);
            }
            Assert.Equal(went.Select(piece => piece.At).Order(), went.Select(piece => piece.At));
        });

    [Fact]
    public void Whoever_always_has_something_to_send_gets_the_whole_rate() =>
        Gen.Select(Gen.Long[100_000, 1_000_000_000], Gen.Int[1, 131_072].Array[10, 100]).Sample((rate, pieces) =>
        {
            var (bucket, now) = (new TokenBucket(Rate.Of(rate)), TimeSpan.FromHours(1));
            foreach (var bytes in pieces) now += bucket.Take(bytes, now);
            var least = (double)pieces.Sum(bytes => (long)bytes) / rate;
            Assert.InRange((now - TimeSpan.FromHours(1)).TotalSeconds, 0, least);
        });
}
