using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BackupDistribuido.Actors.Tests.Destination.Fixtures;

namespace BackupDistribuido.Actors.Tests.Coordination.Fixtures;

/// <summary>A node's actors on threads of their own, and on a time that a test moves: whoever waits moves it by a step
/// each time that nothing has come for a moment.</summary>
public abstract class NodeKit : TestKit
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50), Moment = TimeSpan.FromMilliseconds(10);

    /// <summary>How long it is really waited before a test fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected NodeKit()
        : base(ConfigurationFactory.ParseString(
            $"akka.scheduler.implementation = \"{typeof(HandScheduler).AssemblyQualifiedName}\"")
            .WithFallback(HandRun.Config)) => Clock = ((HandScheduler)Sys.Scheduler).Clock;

    /// <summary>The time, also that of all timers.</summary>
    internal HandClock Clock { get; }

    /// <summary>Waits for a message, and moves the time until it comes; others are ignored.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    internal T Hear<T>(TestProbe probe, Predicate<T> isIt) => Hear(probe, isIt, Step);

    /// <summary>The same for a message for which no time has to go by.</summary>
    internal T HearNow<T>(TestProbe probe, Predicate<T> isIt) => Hear(probe, isIt, TimeSpan.Zero);

    /// <summary>Moves the time until it is so.</summary>
    protected void Soon(Func<bool> isSo)
    {
        for (var since = Stopwatch.GetTimestamp(); !isSo(); Clock.Advance(Step))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, "it did not come true in time");
            Thread.Sleep(Moment);
        }
    }

    /// <summary>Moves the time until a task has ended.</summary>
    protected async Task<T> Ends<T>(Task<T> task)
    {
        var since = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(task, Task.Delay(Moment)) != task && Stopwatch.GetElapsedTime(since) < Patience)
            Clock.Advance(Step);
        return await task.WaitAsync(TimeSpan.Zero);
    }

    private T Hear<T>(TestProbe probe, Predicate<T> isIt, TimeSpan step)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < Patience;)
        {
            if (probe.ReceiveOne(Moment) is not { } one) Clock.Advance(step);
            else if (one is T heard && isIt(heard)) return heard;
        }
        throw new TimeoutException($"no such {typeof(T).Name} has come");
    }
}
