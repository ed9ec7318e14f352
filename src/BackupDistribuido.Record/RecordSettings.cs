namespace BackupDistribuido.Record;

/// <summary>Which events are kept. What else the record has, one line a run or a replica, is kept for good.</summary>
/// <param name="MaxAge">Events up to this age.</param>
/// <param name="MaxCount">And of them the newest so many.</param>
public sealed record Retention(TimeSpan MaxAge, int MaxCount);

/// <summary>How a coordinator keeps its record.</summary>
/// <param name="Place">Where.</param>
public sealed record RecordSettings(RecordPlace Place, Retention Retention);
