using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Content;
using BackupDistribuido.Storage.Staging;

namespace BackupDistribuido.Storage.Tests;

internal static class StagedFiles
{
    /// <summary>A new file whose name can be had.</summary>
    public static WrittenFile Create(this StagedSnapshot staged, FileEntry file) =>
        staged.Writer.TryCreate(file) ?? throw new InvalidOperationException($"There can be no '{file.Path}' here.");
}
