namespace BackupDistribuido.Storage.Scanning;

/// <summary>The SOURCE can't be copied as it was given; the message says what, where and what to do. Nothing was
/// changed.</summary>
public sealed class SourceRefusedException(string message, Exception? cause = null) : IOException(message, cause);
