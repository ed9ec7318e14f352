using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.NodeSettings;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Events;
using BackupDistribuido.Hosting.Logging;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Storage.Kernel;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Cli.Running;

/// <summary>Runs a command's node between its outside: signals, logs, what its owner sees, the exit code.</summary>
internal sealed class CommandHost(CommandEnvironment environment, INodes nodes)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>The command's view of the machine.</summary>
    public CommandEnvironment Environment { get; } = environment;

    /// <summary>The nodes.</summary>
    public INodes Nodes { get; } = nodes;

    /// <summary>
    /// True if the reader of standard output took nothing at the end: another write to it could wait for ever.
    /// </summary>
    public bool IsOutputStalled { get; private set; }

    /// <summary>Whether single files are shown or written at all.</summary>
    public bool WantsFiles(NodeConfiguration configuration) =>
        ViewKind(configuration) != OutputMode.Plain || configuration.Get(Settings.Files);

    /// <summary>Runs a node and returns the exit code.</summary>
    /// <exception cref="CommandFailure">It could not be started, or failed in a way that its owner can act
    /// on.</exception>
    public async Task<int> Run(NodeLaunch launch, Func<INodes, NodeContext, CancellationToken, Task<ExitCode>> run)
    {
        var configuration = launch.Configuration;
        var security = SecurityRule.Of(configuration, launch.Addresses);
        var kind = launch.Live ? ViewKind(configuration) : OutputMode.Plain;
        RunSummary? summary = null;
        IEventView? view = null;
        using var stop = new StopRequest(code => EndNow(view, code), signal => EndHung(launch, view, HungCode(signal)));
        using var logs = NodeLogs.Open(launch.Logs(Environment.LogFolder),
            kind == OutputMode.Auto || !launch.Live ? null : Environment.Error, why => Say(launch, why));
        var log = logs.Factory.CreateLogger(NodeLogs.Command);
        view = EventViews.Create(kind, launch, configuration.Get(Settings.Files), Environment);
        await using var pump = new EventPump(view, TimeProvider.System, Environment.Taken);
        using var service = launch.Live ? Environment.Service?.Invoke() : null;
        await using var stopping = stop.Token.Register(() => service?.Stopping());
        var context = new NodeContext(security, Report, logs.Factory, configuration.Akka)
        {
            Pages = PageRules.Read(configuration, security),
        };
        try
        {
            if (launch.Note is { } note) log.LogInformation("{Note}", note);
            if (logs.Warning is { } warning) Report(new Warned(Reason.Text(warning)));
            if (security is NodeSecurity.Insecure)
                Report(new Warned(NodeReason.Insecure));
            var ended = await run(Nodes, context, stop.Token);
            var code = launch is { Role: NodeRole.Origin, ExitIsItsOwn: false } && stop.Signal is not null
                ? RunExit.Of(summary, stop.Signal) : ended;
            await Close(pump);
            log.LogInformation("Ended with {Code}", (int)code);
            if (launch.Live && code is not (ExitCode.Success or ExitCode.Usage)) ReportLogFile(logs);
            return (int)code;
        }
        catch (CommandFailure failure)
        {
            await Close(pump);
            log.LogError("{Failure}", failure.Message);
            Say(launch, failure.Message);
            if (failure.Code != ExitCode.Usage) ReportLogFile(logs);
            return (int)failure.Code;
        }
        catch (OperationCanceledException) when (stop.Signal is not null)
        {
            return (int)(launch.Role == NodeRole.Origin || !launch.Live
                ? RunExit.Of(summary, stop.Signal) : ExitCode.Success);
        }
        catch (Exception defect)
        {
            await Close(pump);
            log.LogCritical(defect, "Unexpected failure");
            Say(launch, NodeReason.Defect(Reason.Of(defect)).ToString());
            ReportLogFile(logs);
            return (int)ExitCode.Unexpected;
        }

        ExitCode HungCode(StopSignal signal) =>
            launch is { Role: NodeRole.Origin, ExitIsItsOwn: false }
                ? RunExit.Of(summary, signal) : StopRequest.CodeOf(signal);

        void Report(NodeEvent happened)
        {
            if (happened is RunFinished { Summary: var end }) summary = end;
            // The address of the pages is a key.
            if (EventDescriptors.Of(happened) is { IsKept: true })
                log.Log(happened is ReplicaDamaged ? LogLevel.Error : LogLevel.Information, "{Event}",
                    EventText.Describe(happened));
            service?.Tell(launch.Role, happened);
            pump.Report(happened);
        }
    }

    private OutputMode ViewKind(NodeConfiguration configuration) => configuration.Get(Settings.Output) switch
    {
        OutputMode.Auto when Environment.LiveConsole is null => OutputMode.Plain,
        var mode => mode,
    };

    private void Say(NodeLaunch launch, string message) =>
        Environment.Error.WriteLine($"bdist {launch.Command}: {message}");

    private void ReportLogFile(NodeLogs logs)
    {
        if (logs.File is { } file) Environment.Error.WriteLine($"The log is in {file}");
    }

    private async Task Close(EventPump pump)
    {
        await pump.DisposeAsync();
        IsOutputStalled |= pump.GaveUp;
    }

    private void EndHung(NodeLaunch launch, IEventView? view, ExitCode code)
    {
        Say(launch,
            FormattableString.Invariant(
                $"stopping took longer than {StopRequest.Patience.TotalSeconds:0} s; ended without the rest"));
        (Environment.Error as StandardError)?.Drain(LastWords);
        EndNow(view, code);
    }

    private static void EndNow(IEventView? view, ExitCode code)
    {
        // A terminal that is stopped (Ctrl-S) can't be restored, and other code at the end of a process may wait for it
        // too.
        var inTime = new Thread(() => view?.Restore()) { IsBackground = true };
        inTime.Start();
        inTime.Join(LastWords);
        new Thread(() =>
        {
            Thread.Sleep(LastWords);
            ProcessImage.EndNow((int)code);
        })
        { IsBackground = true }.Start();
        System.Environment.Exit((int)code);
    }
}
