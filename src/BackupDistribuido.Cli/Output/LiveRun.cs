using BackupDistribuido.Core.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>A run in a live view. <paramref name="Progress"/> is the last that was heard of it; null: nothing
/// was.</summary>
/// <param name="Name">Its origin and snapshot.</param>
internal sealed record LiveRun(string Name, DeliveryProgress? Progress);
