using Akka;
using Akka.Streams.Dsl;
using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Links;

/// <summary>Answers what the child of one link asks for behind the seal. Safe from any thread.</summary>
public interface IContentAnswers
{
    /// <summary>The answers, in the order of the requests; to be materialised once. It completes after
    /// <see cref="Done"/>.</summary>
    Source<Parcel, NotUsed> Parcels { get; }

    /// <summary>Queues a request, once <see cref="Parcels"/> is materialised. It must not block.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answered">Called when all of its answer is given.</param>
    void Ask(ContentRequest request, Action answered);

    /// <summary>The child asks for nothing more.</summary>
    void Done();
}
