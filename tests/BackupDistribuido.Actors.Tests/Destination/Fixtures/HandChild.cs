using System.Collections.Concurrent;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Actors.Tests.Destination.Fixtures;

/// <summary>A receiver of a plan that does by itself nothing but accept its parent's connection: it never greets, needs
/// nothing and says no ALIVE.</summary>
internal sealed class HandChild : IDisposable
{
    private readonly TaskCompletionSource<AcceptedLink> _accepted =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkListener _listener;

    public HandChild(string name)
    {
        Name = NodeName.Parse(name);
        var reception = new LinkReception(Admit, link => _accepted.TrySetResult(link), _ => { });
        _listener = LinkListener.StartAsync(NodeAddress.Parse("127.0.0.1:0"), reception, null, CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    public NodeName Name { get; }

    public PlanNode Node => new(Name, _listener.Address, []);

    /// <summary>How its parent has greeted it, each time.</summary>
    public ConcurrentQueue<HelloFrame> Greetings { get; } = [];

    /// <summary>The link that its parent made first.</summary>
    public Task<AcceptedLink> Accepted => _accepted.Task.WaitAsync(HandRun.Bound);

    /// <summary>Greets its parent.</summary>
    public async Task WelcomeAsync(int firstPage = 0, bool takesContent = false)
    {
        var link = await Accepted;
        var welcome = new WelcomeFrame(link.Hello.Run, link.Hello.Epoch, Name, firstPage)
        {
            Profile = takesContent ? link.Hello.Profile : link.Hello.Profile.Plain,
        };
        await link.Connection.WriteAsync(welcome, CancellationToken.None);
    }

    /// <summary>Completes when the parent has ended the link, whatever it sends before.</summary>
    public async Task CutAsync()
    {
        var link = await Accepted;
        using var limit = new CancellationTokenSource(HandRun.Bound);
        var scratch = new byte[4096];
        try
        {
            while (await link.Connection.ReadAsync(scratch, limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // It was reset.
        }
    }

    private Admission Admit(HelloFrame hello)
    {
        Greetings.Enqueue(hello);
        return Admission.Granted;
    }

    public void Dispose()
    {
        if (_accepted.Task.IsCompletedSuccessfully) _accepted.Task.Result.Connection.Dispose();
        _listener.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
