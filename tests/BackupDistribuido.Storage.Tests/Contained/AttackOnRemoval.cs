using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Tests.Posix;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>Directories that their modes keep closed, and deep ones, are removed by who is not root, while they are
/// exchanged.</summary>
internal sealed class AttackOnRemoval : Attack
{
    private const int Depth = 40;

    private readonly string _middle = string.Join('/', Enumerable.Repeat("d", Depth / 2));

    public AttackOnRemoval()
    {
        Prepare("mkdir -p outside/d/d outside/closed; echo precious | tee outside/file outside/d/file > "
            + "outside/d/d/file; chmod 0711 outside; chmod 0511 outside/closed");
    }

    public override (string, string)[] Swaps =>
    [
        // Three times, because the moment between finding it closed and opening it is short.
        ("victim/closed", "swap/closed"),
        ("victim/closed", "swap/closed"),
        ("victim/closed", "swap/closed"),
        ($"victim/{_middle}", "swap/middle"),
        ($"victim/{_middle}/file", "swap/file"),
        ("victim/d", "swap/first"),
    ];

    public override bool Round()
    {
        OrdinaryUser.Become();
        Arm("middle", Folder["outside/d"]);
        Arm("file", Folder["outside/file"]);
        Arm("first", Folder["outside/d"]);
        try
        {
            // Made out of the attacker's reach: only what is tested takes care of links.
            Directory.CreateDirectory(Folder["fresh/" + string.Join('/', Enumerable.Repeat("d", Depth))]);
            File.WriteAllText(Folder[$"fresh/{_middle}/file"], "x");
            SwappingNames.TakeAway(Folder, "victim");
            Directory.Move(Folder["fresh"], Folder["victim"]);
            using var parent = Folder.Open();
            for (var i = 0; i < 200; i++)
            {
                Arm("closed", Folder["outside/closed"]);
                Directory.CreateDirectory(Folder["victim/closed"], UnixFileMode.None);
                Folders.Remove(parent, "victim/closed"u8, "victim/closed");
            }
            Folders.Remove(parent, "victim"u8, "victim");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
