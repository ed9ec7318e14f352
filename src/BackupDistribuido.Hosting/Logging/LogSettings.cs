using BackupDistribuido.Core.Naming;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Hosting.Logging;

/// <summary>The log settings of a command.</summary>
/// <param name="Command">The command's name, for lines and the file's name.</param>
/// <param name="Name">The node's name; null where it has none.</param>
/// <param name="Level">The lowest level that is logged.</param>
/// <param name="Folder">The folder that the owner chose; null: <paramref name="DefaultFolder"/>, where that can be
/// written.</param>
/// <param name="MaxSizeMiB">Largest size of a file, in MiB.</param>
/// <param name="Files">Most files; the oldest one goes.</param>
public sealed record LogSettings(
    string Command, NodeName? Name, LogLevel Level, string? Folder, string DefaultFolder, int MaxSizeMiB, int Files);
