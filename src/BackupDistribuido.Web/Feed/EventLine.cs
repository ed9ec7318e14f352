using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Web.Feed;

/// <summary>Something that happened, and when. <paramref name="Number"/> counts them, from 1.</summary>
public sealed record EventLine(long Number, DateTimeOffset Time, NodeEvent Event);
