using BackupDistribuido.Core.Trees;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Scanning;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>A source is scanned and read, while its directories and files are exchanged with links to a folder that has
/// the same names with other content.</summary>
internal sealed class AttackOnSource : Attack
{
    private const int Depth = 40;
    private const string Secret = "SECRET";

    private readonly string _deep = string.Join('/', Enumerable.Repeat("deep", Depth));
    private readonly SourceTree _tree;

    public AttackOnSource()
    {
        Prepare($"mkdir -p outside/{_deep} outside/d/e; for f in d/file d/e/file deep/file {_deep}/file other; do echo "
            + $"{Secret} > outside/$f; done");
        Folder.Do(
            $"mkdir -p source/{_deep} source/d/e; for f in d/file d/e/file deep/file {_deep}/file zfile; do echo "
            + "public > source/$f; done");
        Folder.Do(
            "cd swap; ln -s ../outside/d d; ln -s ../../outside/d/e e; ln -s ../../outside/d/file file; ln -s "
            + "../outside/other zfile; ln -s ../outside/deep deep; ln -s ../../../outside/deep/deep/deep deeper");
        _tree = SourceTree.Open(Folder["source"]);
    }

    public override (string, string)[] Swaps =>
    [
        ("source/d", "swap/d"),
        ("source/d/e", "swap/e"),
        ("source/d/file", "swap/file"),
        ("source/zfile", "swap/zfile"),
        ("source/deep", "swap/deep"),
        ("source/deep/deep/deep", "swap/deeper"),
    ];

    public override bool Round()
    {
        var (isWhole, buffer) = (true, new byte[64]);
        try
        {
            foreach (var entry in _tree.Scan(_ => { }))
            {
                if (entry is OmittedEntry or SymbolicLinkEntry) isWhole = false;
                if (entry is not FileEntry file) continue;
                if (!_tree.TryOpenFile(file, out var source, out _))
                {
                    isWhole = false;
                    continue;
                }
                using (source)
                {
                    var read = source.Read(buffer);
                    Assert.Equal("public\n"u8, buffer.AsSpan(0, read));
                }
            }
        }
        catch (PosixException)
        {
            return false;
        }
        return isWhole;
    }

    public override void Dispose()
    {
        _tree.Dispose();
        base.Dispose();
    }
}
