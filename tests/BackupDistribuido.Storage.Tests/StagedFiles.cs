using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests;

internal static class StagedFiles
{
    /// <summary>A new file whose name can be had.</summary>
    public static StagedFile Create(this StagedSnapshot staged, FileEntry file) =>
        staged.TryCreate(file) ?? throw new InvalidOperationException($"There can be no '{file.Path}' here.");
}
