using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Greeting;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Links.InProcess;

namespace BackupDistribuido.Transfer.Tests.Links.InProcess;

public class ProcessLinksTests : LinkContract
{
    internal override Task<Listening> Listen(Func<HelloFrame, Admission> admit, Action<IParentLink> accepted)
    {
        var links = new ProcessLinks();
        var listener = links.Listen(admit, accepted);
        return Task.FromResult(new Listening(listener.Address, links, () =>
        {
            listener.Dispose();
            return ValueTask.CompletedTask;
        }));
    }
}
