using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Hosting.Events;

namespace BackupDistribuido.Cli.Output;

/// <summary>How a member of the live view is doing.</summary>
internal enum MemberState
{
    /// <summary>Connected, or taking part.</summary>
    Active,
    /// <summary>Its replica is stored.</summary>
    Stored,
    /// <summary>Gone or failed.</summary>
    Lost,
    /// <summary>It took its leave.</summary>
    Left,
}

/// <summary>One member's line in the live view; <paramref name="Copy"/> is how much of the tree it has, null where that
/// is not known.</summary>
internal readonly record struct LiveMember(MemberState State, string Words, CopyProgress? Copy = null);
