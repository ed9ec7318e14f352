using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs.Pace;

namespace BackupDistribuido.Core.Tests.Runs.Pace;

public sealed class RestartCounterTests
{
    private readonly RestartCounter _lives = new();
    private long _incarnation;

    [Fact]
    public void One_that_is_started_again_and_again_at_one_place_of_its_work_is_too_much()
    {
        for (var life = 0; life <= RestartCounter.Most; life++) Assert.True(_lives.Begins(Next()));
        Assert.False(_lives.Begins(Next()));
    }

    [Fact]
    public void One_that_gets_further_in_each_life_may_go_on()
    {
        for (var life = 0; life < 5 * RestartCounter.Most; life++)
        {
            var node = Next();
            Assert.True(_lives.Begins(node));
            _lives.Has(node, life + 1);
        }
    }

    [Fact]
    public void Who_is_sent_nothing_can_get_no_further()
    {
        for (var life = 0; life < 5 * RestartCounter.Most; life++) Assert.True(_lives.Begins(Next(), hasWork: false));
    }

    private NodeIdentity Next() => new(NodeName.Parse("nas"), "id", ++_incarnation);
}
