namespace BackupDistribuido.Core.Delivery.Progress;

/// <summary>The state of one destination in a run.</summary>
public enum MemberStanding
{
    /// <summary>It was sent the plan and has not answered.</summary>
    Preparing,
    /// <summary>It is ready for the epoch's link, or receives.</summary>
    Copying,
    /// <summary>It has all of the tree and is making it durable: no plan has to reach it.</summary>
    Publishing,
    /// <summary>Its replica is stored durably.</summary>
    Stored,
    /// <summary>After a restart it re-reads its staging. The others go on; it is taken in when it says that it is
    /// ready.</summary>
    Resuming,
    /// <summary>It is away; it may come back.</summary>
    Away,
    /// <summary>It failed for a reason of its own and is not tried again.</summary>
    Failed,
}

/// <summary>The names of these states for programs.</summary>
public static class MemberStandings
{
    /// <summary>In JSON output.</summary>
    public static string Code(this MemberStanding standing) => standing switch
    {
        MemberStanding.Preparing => "preparing",
        MemberStanding.Copying => "copying",
        MemberStanding.Publishing => "publishing",
        MemberStanding.Stored => "stored",
        MemberStanding.Resuming => "resuming",
        MemberStanding.Away => "away",
        _ => "failed",
    };
}
