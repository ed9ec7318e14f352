using System.CommandLine;
using System.Globalization;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Output.Answers;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Hosting;
using BackupDistribuido.Hosting.Events;
using BackupDistribuido.Hosting.Nodes;

namespace BackupDistribuido.Cli.Commands;

/// <summary>
/// <c>bdist wait</c>: ends with 0 once an origin's newest snapshot has its copies and no run of it lacks some, with 5
/// when the time is over. A coordinator that was reached once and is lost is asked again until then; without a time
/// limit for <see cref="Lost"/>, then the command ends with 3.
/// </summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Lost = TimeSpan.FromMinutes(2);

    public static Command Build(CommandHost host) =>
        new Symbols("wait",
            "Wait until an origin's newest snapshot is protected; exit code 0 when it is, 5 on timeout.")
            .Option(Settings.QueryOrigin, "the origin to wait for (required)")
            .Options(Settings.QueryCopies, Settings.QueryTimeout, Settings.Coordinator)
            .ToCommand(flags => CoordinatorQuery.Run(host, "wait", flags, Run));

    private static async Task<ExitCode> Run(CoordinatorQuery query, ICoordinator coordinator, CancellationToken stop)
    {
        var origin = query.Configuration.Get(Settings.QueryOrigin);
        var copies = query.Configuration.GetOrNull(Settings.QueryCopies);
        var clock = query.Clock;
        var (began, heard) = (clock.GetTimestamp(), clock.GetTimestamp());
        var timeout = query.Configuration.GetOrNull(Settings.QueryTimeout);
        var status = await coordinator.Status(stop);
        while (!status.HasCopies(origin, copies))
        {
            if (clock.GetElapsedTime(began) >= timeout)
            {
                await query.Print(Verdict(query, "at-risk", origin, copies, status));
                return ExitCode.AtRisk;
            }
            await Task.Delay(Pause, stop);
            try
            {
                status = await coordinator.Status(stop);
                heard = clock.GetTimestamp();
            }
            catch (CommandFailure) when (timeout is null
                ? clock.GetElapsedTime(heard) < Lost : clock.GetElapsedTime(began) < timeout)
            {
                // The coordinator may come back before the time is over.
            }
        }
        await query.Print(Verdict(query, "protected", origin, copies, status));
        return status.StandingOf(origin, copies) is { } standing ? RunExit.Of(standing.Standing) : ExitCode.Success;
    }

    private static string Verdict(CoordinatorQuery query, string outcome, NodeName origin, int? copies,
        ClusterStatus status)
    {
        var standing = status.StandingOf(origin, copies);
        var newest = standing?.Newest;
        var now = DateTimeOffset.UtcNow;
        string[] reasons = standing is null ? [] : [.. StandingWords.Sentences(standing, now, Words.Ago)];
        if (query.IsJson) return HistoryJson.Verdict(outcome, origin, newest, copies, standing, reasons, now);
        var why = reasons.Length == 0 || (outcome == "protected" && standing!.Standing != Standing.Incomplete)
            ? "" : $"; {string.Join("; ", reasons)}";
        return newest is null ? $"{outcome}: {origin} has no snapshot{why}\n"
            : string.Create(CultureInfo.InvariantCulture,
                $"{outcome}: {origin} {newest.Snapshot}, {newest.Copies}/{copies ?? newest.Required}{why}\n");
    }
}
