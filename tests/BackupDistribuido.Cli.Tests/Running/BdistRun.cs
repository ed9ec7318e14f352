using BackupDistribuido.Cli.Running;
using BackupDistribuido.Hosting.Processes;

namespace BackupDistribuido.Cli.Tests.Running;

/// <summary>A command line that was run in this process, with a folder of its own.</summary>
internal sealed class BdistRun : IDisposable
{
    public BdistRun(ScriptedNodes? nodes = null)
    {
        Nodes = nodes ?? new ScriptedNodes();
        Folder = Directory.CreateTempSubdirectory("bdist-cli-").FullName;
        Source = Directory.CreateDirectory(Path.Combine(Folder, "photos")).FullName;
    }

    public ScriptedNodes Nodes { get; }
    public IConfinement? Confinement { get; init; }
    public Func<ServiceNotifier?>? Service { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public string Folder { get; }
    public string Source { get; }
    public string LogFolder => Path.Combine(Folder, "logs");
    public string StateFolder => Path.Combine(Folder, "state");
    public string Out { get; private set; } = "";
    public string Error { get; private set; } = "";

    /// <summary>Runs it and returns the exit code. <c>{source}</c> and <c>{folder}</c> stand for the test's
    /// folders.</summary>
    public async Task<int> Run(params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new CommandEnvironment(output, error, null, "nas", LogFolder, StateFolder, Confinement,
            Service)
        { Clock = Clock };
        string[] words = [.. line.Select(Fill)];
        var code = await BdistCommand.Run(words, new CommandHost(environment, Nodes));
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    /// <summary>Writes a file and returns its path.</summary>
    public string File(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, Fill(text));
        return path;
    }

    private string Fill(string text) =>
        text.Replace("{source}", Source, StringComparison.Ordinal)
            .Replace("{folder}", Folder, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
