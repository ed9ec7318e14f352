using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Tests.Buffers;

public class LeaseTests
{
    private readonly BufferPool _pool = new(retained: 1);

    [Fact]
    public void The_last_release_gives_the_buffer_back()
    {
        var lease = _pool.Rent();
        lease.Retain();
        lease.Release();
        Assert.Equal(1, _pool.Outstanding);
        lease.Release();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void What_was_given_back_is_not_touched_again()
    {
        var lease = _pool.Rent();
        lease.Release();
        Assert.Throws<ObjectDisposedException>(lease.Release);
        Assert.Throws<ObjectDisposedException>(() => lease.Retain());
        Assert.Throws<ObjectDisposedException>(() => lease.Memory);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void An_old_lease_has_no_power_over_its_buffers_next_one()
    {
        var old = _pool.Rent();
        old.Memory.Span[0] = 42;
        old.Release();
        var next = _pool.Rent();
        Assert.Equal(42, next.Memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(old.Release);
        Assert.Equal(1, _pool.Outstanding);
        next.Release();
    }

    [Fact]
    public void References_are_counted_right_from_many_threads()
    {
        var lease = _pool.Rent();
        Parallel.For(0, 10_000, _ =>
        {
            lease.Retain();
            lease.Release();
        });
        Assert.Equal(1, _pool.Outstanding);
        lease.Release();
        Assert.Equal(0, _pool.Outstanding);
    }
}
