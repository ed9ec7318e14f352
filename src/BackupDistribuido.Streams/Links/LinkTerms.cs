using BackupDistribuido.Streams.Buffers;
using BackupDistribuido.Streams.Connections;

namespace BackupDistribuido.Streams.Links;

/// <summary>What a node brings to each end of a link.</summary>
/// <param name="Buffers">Where received bytes are kept.</param>
/// <param name="Deadlines">How long the ends wait for each other.</param>
/// <param name="Limit">How fast all links of the node together may be in this direction; null: as fast as they
/// can.</param>
public sealed record LinkTerms(BufferPool Buffers, LinkDeadlines Deadlines, WireLimit? Limit = null);
