using System.IO.MemoryMappedFiles;
using BackupDistribuido.EndToEnd.Tests.Processes;
using BackupDistribuido.EndToEnd.Tests.Trees;

namespace BackupDistribuido.EndToEnd.Tests.Copies;

/// <summary>
/// A program that writes through a mapping moves the file's times with its first write to a page, and with no further
/// one until the page was written back: a disk's file system does that after half a minute, one in memory never. The
/// file has the same size and times as at the copy before, and another content.
/// </summary>
[Trait("Length", "long")]
public sealed class MappedFileTests(ITestOutputHelper log) : IDisposable
{
    private readonly Bdist _bdist = new(log);

    private TemporaryFolder Folder => _bdist.Folder;

    [SkippableTheory]
    [InlineData("")]
    [InlineData("/dev/shm")]
    public async Task What_it_writes_after_a_copy_is_in_the_next_one(string parent)
    {
        Skip.IfNot(parent.Length == 0 || Directory.Exists(parent), "no file system in memory here");
        var source = Path.Combine(parent.Length > 0 ? parent : Folder.Path, $"mapped-{Guid.NewGuid():N}");
        Directory.CreateDirectory(source);
        try
        {
            var file = Path.Combine(source, "database");
            await File.WriteAllBytesAsync(file, new byte[100_000]);
            using var mapping = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
            using var view = mapping.CreateViewAccessor();
            view.Write(0, (byte)'1');
            // Longer than any tick of a file system's clock.
            await Task.Delay(TimeSpan.FromSeconds(2.5));
            await Copy(source);

            view.Write(0, (byte)'2');
            await Copy(source);

            Assert.Equal((byte)'2',
                (await File.ReadAllBytesAsync(Path.Combine(new Replica(Folder, Folder["a"], "tree").Latest,
                    "database")))[0]);
        }
        finally
        {
            Directory.Delete(source, recursive: true);
        }
    }

    private async Task Copy(string source)
    {
        var copy = await _bdist.Run(["copy", source, "a", "--name", "tree"]);
        Assert.Equal(0, await copy.Exit());
    }

    public void Dispose() => _bdist.Dispose();
}
