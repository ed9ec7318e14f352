using BackupDistribuido.Storage.Kernel;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>
/// The test assembly run as a program of its own (<c>dotnet exec</c>), because what Landlock takes from a thread never
/// comes back: restricts itself to two folders and says which of its attempts were let through.
/// </summary>
internal static class LandlockedChild
{
    private static int Main(string[] arguments)
    {
        if (arguments is not ["landlock", var root, var logs, var outside]) return 2;
        Landlock.RestrictThread([root, logs], ["/dev/null", "/dev/nothing"]);
        Try("make a file outside", () => File.Create($"{outside}/new").Dispose());
        Try("write to a file outside", () => File.OpenWrite($"{outside}/file").Dispose());
        Try("shorten a file outside", () => new FileStream($"{outside}/file", FileMode.Truncate).Dispose());
        Try("write through a link", () => File.OpenWrite($"{root}/link").Dispose());
        Try("remove a file outside", () => File.Delete($"{outside}/file"));
        Try("remove a folder outside", () => Directory.Delete($"{outside}/empty"));
        Try("make a folder outside", () => Directory.CreateDirectory($"{outside}/folder"));
        Try("make a link outside", () => File.CreateSymbolicLink($"{outside}/sign", "x"));
        Try("move a file out", () => File.Move($"{root}/mine", $"{outside}/moved"));
        Try("move a file in", () => File.Move($"{outside}/file", $"{root}/moved"));
        Try("make a temporary file", () => File.Delete(Path.GetTempFileName()));
        Try("read outside", () => File.ReadAllText($"{outside}/file"));
        Try("write to /dev/null", () => File.OpenWrite("/dev/null").Dispose());
        Try("make a file in ROOT", () => File.WriteAllText($"{root}/new", "x"));
        Try("make a log", () => File.WriteAllText($"{logs}/new", "x"));
        Try("move between folders", () =>
        {
            Directory.CreateDirectory($"{root}/staging/tree");
            Directory.CreateDirectory($"{root}/snapshots");
            Directory.Move($"{root}/staging/tree", $"{root}/snapshots/tree");
            File.Move($"{root}/new", $"{root}/snapshots/new");
        });
        Try("remove all of it", () => Directory.Delete($"{root}/snapshots", recursive: true));
        return 0;
    }

    private static void Try(string what, Action attempt)
    {
        try
        {
            attempt();
            Console.WriteLine($"{what}: done");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"{what}: denied");
        }
    }
}
