using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Transfer.Sending;

/// <summary>
/// A pass that is about to begin: its links are there before it is, for a fan-out drops what nobody wants. What they
/// say meanwhile is kept until it begins, so that no thread waits for it. Safe from any thread.
/// </summary>
public sealed class ComingPass : IPassControl
{
    private readonly Lock _gate = new();
    private readonly Queue<Action<IPassControl>> _early = new();
    private IPassControl? _pass;

    /// <summary>It has begun.</summary>
    public void Begin(IPassControl pass)
    {
        lock (_gate)
        {
            while (_early.TryDequeue(out var word)) word(pass);
            _pass = pass;
        }
    }

    /// <inheritdoc/>
    public void Needs(NodeName child, int page, NeedSet needs) => Say(pass => pass.Needs(child, page, needs));

    /// <inheritdoc/>
    public void Left(NodeName child) => Say(pass => pass.Left(child));

    // Both of a pass's words are queued by it: nothing long runs within the lock, and the order stays.
    private void Say(Action<IPassControl> word)
    {
        lock (_gate)
        {
            if (_pass is { } pass) word(pass);
            else _early.Enqueue(word);
        }
    }
}
