using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Running;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Tests.Running;

public sealed class RawProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_argument_that_is_no_utf8_is_refused_and_named()
    {
        _folder.Do("printf 'bdist\\0copy\\0src\\0d\\377x\\0' > cmdline; : > environ");
        Assert.Contains("'d%FFx'", RawProcess.WhyNot(["copy", "src", "d\uFFFDx"], _folder.Path),
            StringComparison.Ordinal);
        // That very character is a name like any other.
        _folder.Do("printf 'bdist\\0copy\\0src\\0d\\357\\277\\275x\\0' > cmdline");
        Assert.Null(RawProcess.WhyNot(["copy", "src", "d\uFFFDx"], _folder.Path));
        Assert.Null(RawProcess.WhyNot([], _folder.Path));
    }

    [Fact]
    public void A_configuration_that_is_no_utf8_is_refused_with_its_line()
    {
        _folder.Do("printf 'backup {\\n  copy.destinations = [ \"/mnt/d\\377\" ]\\n}\\n' > bdist.conf");
        var failure = Assert.Throws<CommandFailure>(() => HoconFile.Load(_folder["bdist.conf"]));
        Assert.StartsWith($"{_folder["bdist.conf"]}:2: it is not UTF-8", failure.Message, StringComparison.Ordinal);
    }
}
