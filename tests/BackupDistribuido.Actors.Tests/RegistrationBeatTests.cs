using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Actors.Tests;

public sealed class RegistrationBeatTests
{
    private readonly HandClock _clock = new();
    private readonly List<NodeEvent> _told = [];
    private readonly RegistrationBeat _beat;

    public RegistrationBeatTests() =>
        _beat = new RegistrationBeat(NodeAddress.Parse("127.0.0.1:4053"), _clock, _told.Add);

    [Fact]
    public void Connected_and_disconnected_are_told_once_each_time()
    {
        _beat.Answered();
        _beat.Answered();
        Assert.IsType<Connected>(Assert.Single(_told));

        _clock.Advance(RegistrationBeat.Patience);
        _beat.Tick();
        _beat.Tick();
        _beat.Answered();

        Assert.Equal([typeof(Connected), typeof(Disconnected), typeof(Connected)], _told.Select(one => one.GetType()));
    }

    [Fact]
    public void Who_never_answered_is_told_with_the_reason_after_the_patience_and_not_before()
    {
        _beat.Explain(Reason.Text("refused"));
        _clock.Advance(RegistrationBeat.Patience - TimeSpan.FromMilliseconds(1));
        _beat.Tick();
        Assert.Empty(_told);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _beat.Tick();

        Assert.Equal("refused", Assert.IsType<Disconnected>(Assert.Single(_told)).Reason.ToString());
    }
}
