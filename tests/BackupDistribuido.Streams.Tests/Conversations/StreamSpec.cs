using Akka.Actor;
using Akka.Streams;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Tests.Conversations;

/// <summary>A test that runs streams. When it ends, every lease must be back.</summary>
public abstract class StreamSpec : IAsyncLifetime
{
    private readonly ActorSystem _system =
        ActorSystem.Create("streams", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");

    protected StreamSpec() => Materializer = _system.Materializer();

    protected IMaterializer Materializer { get; }

    protected BufferPool Pool { get; } = new();

    protected static CancellationToken Never => CancellationToken.None;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Eventually.Is(0, () => Pool.Outstanding);
        await _system.Terminate();
    }

    protected static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Eventually.Bound);

    protected static Task Soon(Task task) => task.WaitAsync(Eventually.Bound);
}
