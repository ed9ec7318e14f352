using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Links;
using BackupDistribuido.Transfer.Sending.Sources;

namespace BackupDistribuido.Transfer.Sending.Content;

/// <summary>Answers requests for content from a sealed snapshot.</summary>
public sealed class ContentAnswers(ISnapshotSource source, BufferPool pool) : IContentAnswers
{
    private ContentStage.IMailbox? _mailbox;

    /// <inheritdoc/>
    public Source<Parcel, NotUsed> Parcels => Source.FromGraph(new ContentStage(source, pool))
        .MapMaterializedValue(mailbox =>
        {
            _mailbox = mailbox;
            return NotUsed.Instance;
        })
        .AddAttributes(ActorAttributes.CreateDispatcher(DiskDispatcher.Name));

    /// <inheritdoc/>
    public void Ask(ContentRequest request, Action answered) => _mailbox?.Ask(request, answered);

    /// <inheritdoc/>
    public void Done() => _mailbox?.Done();
}
