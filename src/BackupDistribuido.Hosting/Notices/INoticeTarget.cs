using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Hosting.Notices;

/// <summary>A target of notices.</summary>
internal interface INoticeTarget : IDisposable
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>Tries once. Cancelled where it takes too long.</summary>
    Task<NoticeResult> SendAsync(Notice notice, CancellationToken cancel);
}

/// <summary>How an attempt to tell ended.</summary>
/// <param name="Failure">Why it failed, for people; null: it did not.</param>
/// <param name="IsFinal">Whether another attempt would end alike.</param>
internal readonly record struct NoticeResult(Reason? Failure, bool IsFinal = false)
{
    /// <summary>It was heard.</summary>
    public static readonly NoticeResult Delivered;
}
