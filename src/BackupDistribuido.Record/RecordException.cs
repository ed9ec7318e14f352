namespace BackupDistribuido.Record;

/// <summary>The record can't be kept: what, where and why, for people.</summary>
public class RecordException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another process keeps its record there.</summary>
public sealed class RecordInUseException(string message, Exception? inner = null) : RecordException(message, inner);
