namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// The disk did not make something durable. What was written since the last success may be lost, whatever the system
/// says later: it must be thrown away and written anew.
/// </summary>
public sealed class DurabilityException(string call, string path, Errno errno) : PosixException(call, path, errno);
