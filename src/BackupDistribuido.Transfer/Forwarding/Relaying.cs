using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.FanOut;
using BackupDistribuido.Streams.Framing;
using BackupDistribuido.Streams.Links;

namespace BackupDistribuido.Transfer.Forwarding;

/// <summary>One link whose content is forwarded to children and stored nowhere. It ends with the link, or with the last
/// child.</summary>
public sealed class Relaying
{
    private Relaying(Task over, IReadOnlyDictionary<NodeName, Task> forwarded) => (Over, Forwarded) = (over, forwarded);

    /// <summary>Completes when all children have ended and the parent was told that those who did well are done; fails
    /// with what broke the parent's link.</summary>
    public Task Over { get; }

    /// <summary>What became of each child's link; see <see cref="Forwarder.Attach"/>.</summary>
    public IReadOnlyDictionary<NodeName, Task> Forwarded { get; }

    /// <summary>Answers the parent and begins. <paramref name="children"/> are at least one.</summary>
    /// <exception cref="LinkException">The parent is gone.</exception>
    public static async Task<Relaying> BeginAsync(
        IParentLink link, NodeName self, IReadOnlyList<ChildBranch> children, BufferPool pool, LinkDeadlines deadlines,
            IMaterializer materializer, CancellationToken cancel)
    {
        try
        {
            var welcome =
                new WelcomeFrame(link.Hello.Run, link.Hello.Epoch, self, children.Min(child => child.FirstPage))
                {
                    Profile = link.Hello.Profile.Plain,
                };
            Forwarder? begun = null;
            var parent = await link.OpenAsync(welcome, new LinkTerms(pool, deadlines),
                owed: () => begun?.IsSealed == true, cancel).ConfigureAwait(false);
            var forwarder = begun = new Forwarder(parent, children);
            var fanOut = new ParcelFanOut((_, _) => { });
            var forwarded = forwarder.Attach(fanOut, materializer, cancel);
            var end = new SealWatch();
            _ = parent.Down.Select(forwarder.Announce).Select(end.See).SelectError(forwarder.Broken)
                .RunWith(fanOut.Inlet, materializer);
            _ = EndAsync(parent, end, forwarded.Values);
            return new Relaying(parent.Completion, forwarded);
        }
        catch
        {
            // They have answered and would wait for a parent that never begins.
            foreach (var child in children) child.Cut();
            throw;
        }
    }

    private static async Task EndAsync(IChildEnd parent, SealWatch end, IEnumerable<Task> forwarded)
    {
        var tasks = forwarded.ToList();
        await Task.WhenAny(Task.WhenAll(tasks)).ConfigureAwait(false);
        if (end.Seal is { } seal && tasks.Exists(task => task.IsCompletedSuccessfully))
            parent.Send(new DoneFrame(seal));
        else parent.Fail(ErrorCode.Stopping, LinkReason.NobodyLeft);
    }

    /// <summary>Keeps the digest that goes by at the tree's end: what the children are done with.</summary>
    private sealed class SealWatch
    {
        private Sha256Digest? _seal;

        public Sha256Digest? Seal => _seal;

        public Parcel See(Parcel parcel)
        {
            if (parcel.Frames[^1].Frame is SealFrame seal) _seal = seal.Digest;
            return parcel;
        }
    }
}
