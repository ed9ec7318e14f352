using BackupDistribuido.Actors.Destination;

namespace BackupDistribuido.Actors.Tests.Destination;

public sealed class DestinationNodeTests
{
    [Fact]
    public async Task A_task_that_ends_by_a_defect_ends_the_node_with_its_reason()
    {
        var node = new TaskCompletionSource();
        var looking = new TaskCompletionSource();
        DestinationNode.EndWith([Task.CompletedTask, looking.Task], node);
        Assert.False(node.Task.IsCompleted);

        looking.SetException(new InvalidOperationException("a defect"));

        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => node.Task.WaitAsync(
            TimeSpan.FromSeconds(10)));
        Assert.Equal("a defect", ended.Message);
    }
}
