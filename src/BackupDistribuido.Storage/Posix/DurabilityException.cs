namespace BackupDistribuido.Storage.Posix;

/// <summary>
/// The disk did not make something durable. Writes since the last success may be lost, whatever the system says later:
/// they must be thrown away and repeated.
/// </summary>
public sealed class DurabilityException(string call, string path, Errno errno) : PosixException(call, path, errno);
