using System.Text;
using BackupDistribuido.Cli.Output;

namespace BackupDistribuido.Cli.Tests.Output;

public sealed class ReaderStreamTests
{
    [Fact]
    public void What_a_failure_cuts_off_is_ended_before_more_is_written()
    {
        using var inner = new Scarce(room: 4096 + 100);
        using var stream = new ReaderStream(inner);
        stream.Write(Encoding.ASCII.GetBytes("whole\n"));
        Assert.Throws<IOException>(() => stream.Write(Encoding.ASCII.GetBytes(new string('x', 10_000) + "\n")));
        inner.Room = 1000;
        stream.Write("after\n"u8);
        Assert.Equal("whole\n" + new string('x', 4096) + "\nafter\n", Encoding.ASCII.GetString(inner.ToArray()));
        Assert.Equal(inner.Length, stream.Taken);
    }

    [Fact]
    public void Standard_error_keeps_nobody_waiting_and_says_what_it_left_out()
    {
        using var inner = new Scarce(room: int.MaxValue);
        inner.Gate.Reset();
        using var error = new StandardError(inner);
        for (var i = 0; i < 3000; i++) error.WriteLine($"line {i}\u001b");
        error.Drain(TimeSpan.FromMilliseconds(50));
        inner.Gate.Set();
        error.WriteLine("last");
        error.Drain(TimeSpan.FromSeconds(5));
        error.WriteLine("very last");
        error.Drain(TimeSpan.FromSeconds(5));
        var text = Encoding.UTF8.GetString(inner.ToArray());
        Assert.StartsWith("line 0%1B\n", text, StringComparison.Ordinal);
        Assert.Contains(" lines were left out here: standard error was not read\n", text, StringComparison.Ordinal);
        Assert.EndsWith("very last\n", text, StringComparison.Ordinal);
    }

    private sealed class Scarce(long room) : MemoryStream
    {
        public long Room { get; set; } = room;
        public ManualResetEventSlim Gate { get; } = new(initialState: true);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Gate.Wait();
            if ((Room -= buffer.Length) < 0) throw new IOException("No space left on device");
            var bytes = buffer.ToArray();
            base.Write(bytes, 0, bytes.Length);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
