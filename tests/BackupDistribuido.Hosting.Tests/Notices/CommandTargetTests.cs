using System.Diagnostics;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting.Notices;

namespace BackupDistribuido.Hosting.Tests.Notices;

public sealed class CommandTargetTests : IDisposable
{
    private static readonly Notice Notice = new(NoticeKind.TooOld, "{\"event\":\"too-old\"}");

    private readonly string _folder = Directory.CreateTempSubdirectory("bdist-notice-").FullName;

    [Fact]
    public async Task It_gets_the_event_on_its_input_and_in_its_environment()
    {
        var told = await Tell("""cat > "$1/in"; printf '%s %s' "$BDIST_EVENT" "$BDIST_EVENT_JSON" > "$1/env" """);
        Assert.Equal(NoticeResult.Delivered, told);
        Assert.Equal("{\"event\":\"too-old\"}\n", File.ReadAllText(Path.Combine(_folder, "in")));
        Assert.Equal("too-old {\"event\":\"too-old\"}", File.ReadAllText(Path.Combine(_folder, "env")));
    }

    [Fact]
    public async Task An_event_that_is_too_long_for_an_environment_is_on_its_input_alone()
    {
        var longOne = Notice with { Json = new string('x', 200_000) };
        Assert.Equal(NoticeResult.Delivered, await Tell("""cat > "$1/in"; printf '%s%s' "$BDIST_EVENT" "$BDIST_EVENT_JSON" > "$1/env" """, notice: longOne));
        Assert.Equal(200_001, new FileInfo(Path.Combine(_folder, "in")).Length);
        Assert.Equal("too-old", File.ReadAllText(Path.Combine(_folder, "env")));
    }

    [Theory]
    [InlineData("exit 3", "it exited with 3")]
    [InlineData("echo first >&2; echo 'no such channel' >&2; exit 1", "it exited with 1: no such channel")]
    [InlineData("head -c 300000 /dev/zero; head -c 300000 /dev/zero | tr '\\0' e >&2; echo >&2; echo end >&2; exit 1",
        "it exited with 1: end")]
    public async Task Its_exit_code_says_whether_it_heard(string script, string failure) =>
        Assert.Equal((failure, false),
            await Tell(script) is var told ? (told.Failure?.ToString(), told.IsFinal) : default);

    [Fact]
    public async Task It_need_not_read_its_input() =>
        Assert.Equal(NoticeResult.Delivered, await Tell("exec 0<&-; sleep 0.1"));

    [Fact]
    public async Task A_program_that_is_not_there_is_final()
    {
        using var target = new CommandTarget([Path.Combine(_folder, "none")]);
        var told = await target.SendAsync(Notice, CancellationToken.None);
        Assert.True(told.IsFinal);
        Assert.Contains("No such file", told.Failure?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_takes_too_long_is_killed_with_its_children()
    {
        using var limit = new CancellationTokenSource();
        var telling =
            Tell("sleep 600 & echo $! > \"$1/child.part\"; mv \"$1/child.part\" \"$1/child\"; wait", limit.Token);
        var file = Path.Combine(_folder, "child");
        for (var waited = Stopwatch.StartNew(); !File.Exists(file) && waited.Elapsed < TimeSpan.FromSeconds(30);)
            await Task.Delay(20);
        limit.CancelAfter(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => telling);
        var child = File.ReadAllText(file).Trim();
        for (var waited = Stopwatch.StartNew(); IsAlive(child) && waited.Elapsed < TimeSpan.FromSeconds(30);)
            await Task.Delay(20);
        Assert.False(IsAlive(child));
    }

    // One that was killed and that nobody waited for yet is a zombie.
    private static bool IsAlive(string process) =>
        File.Exists($"/proc/{process}/stat")
            && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private async Task<NoticeResult> Tell(string script, CancellationToken cancel = default, Notice? notice = null)
    {
        using var target = new CommandTarget(["/bin/sh", "-c", script, "sh", _folder]);
        return await target.SendAsync(notice ?? Notice, cancel);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
