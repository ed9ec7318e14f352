namespace BackupDistribuido.Actors.Tests.Remoting;

internal static class Until
{
    public static Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null) =>
        TrueAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var end = DateTime.UtcNow + TestCluster.Bound;
        while (!await condition())
        {
            if (DateTime.UtcNow > end) Assert.Fail(otherwise?.Invoke() ?? "it did not come true in time");
            await Task.Delay(20);
        }
    }
}
