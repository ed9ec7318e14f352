using System.Runtime.InteropServices;
using System.Text;
using BackupDistribuido.Storage.Posix;
using BackupDistribuido.Storage.Tests.Posix;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>
/// An attacker who has a shell: exchanges two names in one step (renameat2 RENAME_EXCHANGE) and back, a random one of
/// his pairs each time, on a thread of his own, until disposed. He himself goes through no link, so what happens
/// outside is not his doing. A pair of which one is not there is passed over.
/// </summary>
internal sealed partial class SwappingNames : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _ended;

    /// <summary>Pairs of paths in the folder.</summary>
    public SwappingNames(TemporaryFolder folder, (string One, string Other)[] pairs)
    {
        _thread = new Thread(() => Swap(folder, pairs)) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Exchanges that succeeded.</summary>
    public long Done { get; private set; }

    private void Swap(TemporaryFolder folder, (string One, string Other)[] pairs)
    {
        using var top = folder.Open();
        var random = new Random(1);
        while (!_ended)
        {
            var (one, other) = pairs[random.Next(pairs.Length)];
            if (Exchange(top, one, other))
            {
                Thread.SpinWait(random.Next(2000));
                Exchange(top, one, other);
            }
            Thread.SpinWait(random.Next(2000));
            Thread.Yield();
        }
    }

    private bool Exchange(Descriptor top, string one, string other)
    {
        const uint exchange = 2;
        using var first = Parent(top, one);
        using var second = Parent(top, other);
        if (first.IsInvalid || second.IsInvalid
            || renameat2(first, Path.GetFileName(one), second, Path.GetFileName(other), exchange) != 0) return false;
        Done++;
        return true;
    }

    private static Descriptor Parent(Descriptor top, string path)
    {
        top.OpenBeneath(Encoding.UTF8.GetBytes(Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : "."),
            OpenFlags.Directory, out var opened);
        return opened;
    }

    /// <summary>Takes a name out of the attacker's reach in one step, whatever it stands for; what it was lies on under
    /// a name of its own.</summary>
    public static void TakeAway(TemporaryFolder folder, string path)
    {
        using var top = folder.Open();
        _ = renameat2(top, path, top, $"away-{Guid.NewGuid():N}", 0);
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(Descriptor from, string old, Descriptor to, string @new, uint flags);
}
