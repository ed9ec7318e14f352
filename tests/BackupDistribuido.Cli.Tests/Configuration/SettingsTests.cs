using BackupDistribuido.Actors.Coordination;
using BackupDistribuido.Actors.Destination;
using BackupDistribuido.Actors.Origin;
using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Cli.Configuration.Syntax;
using BackupDistribuido.Cli.Tests.Running;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Hosting.Nodes;
using BackupDistribuido.Record;

namespace BackupDistribuido.Cli.Tests.Configuration;

public sealed class SettingsTests
{
    // Command, flag with its value, the same in HOCON, and what of the started node shows it.
    public static TheoryData<string, string, string, string> Pairs => new()
    {
        { "coordinator", "--listen 127.0.0.1:9", "coordinator.listen = \"127.0.0.1:9\"", "Listen = 127.0.0.1:9" },
        { "destination --root /r", "--name d7", "destination.name = d7", "Name = d7" },
        { "destination", "--root /r/s", "destination.root = \"/r/s\"", "Root = /r/s" },
        { "destination --root /r", "--coordinator localhost:7", "coordinator.address = \"localhost:7\"",
            "Coordinator = localhost:7" },
        { "destination --root /r", "--listen 127.0.0.1:0", "destination.listen = \"127.0.0.1:0\"",
            "Listen = 127.0.0.1:0" },
        { "destination --root /r", "--advertise [::1]:5", "destination.advertise = \"[::1]:5\"",
            "Advertise = [::1]:5" },
        { "destination --root /r", "--adopt", "destination.adopt = true", "Adopt = True" },
        { "destination --root /r", "--require-mount", "destination.require-mount = yes", "RequireMount = True" },
        { "origin", "{source}", "origin.source = \"{source}\"", "Source = {source}" },
        { "origin {source}", "--name o", "origin.name = o", "Name = o" },
        { "origin {source}", "--copies 3", "origin.copies = 3",
            "{ Copies = 3, Keep = , MaxShrinkPercent = 50, Topology = Auto }, StartWith = 3," },
        { "origin {source} --copies 5", "--start-with 2", "origin.start-with = 2", "StartWith = 2" },
        { "origin {source}", "--wait 10m", "origin.wait = 10m", "Wait = 00:10:00" },
        { "origin {source}", "--keep 4", "origin.keep = \"4\"", "Keep = 4" },
        { "origin {source} --output plain", "--files", "output.files = true", "ReportFiles = True" },
        { "origin {source}", "--output json", "output.mode = json", "ReportFiles = True" },
        { "origin {source}", "--one-file-system", "origin.one-file-system = true", "OneFileSystem = True" },
        { "origin {source}", "--allow-shrink", "origin.allow-shrink = true", "MaxShrinkPercent = ," },
        { "copy", "{source} /a", "copy { source = \"{source}\", destinations = [ \"/a\" ] }", "Source = {source}" },
        { "copy {source} /a /b", "--copies 1", "copy.copies = 1", "Copies = 1" },
        { "copy {source} /a", "--name c", "copy.name = c", "Name = c" },
        { "copy {source} /a", "--wait 3s", "copy.wait = 3s", "Wait = 00:00:03" },
        { "copy {source} /a", "--keep 9", "copy.keep = 9", "Keep = 9" },
        { "copy {source} /a", "--adopt", "copy.adopt = on", "Adopt = True" },
        { "copy {source} /a", "--require-mount", "copy.require-mount = true", "RequireMount = True" },
        { "copy {source} /a", "--one-file-system", "copy.one-file-system = true", "OneFileSystem = True" },
        { "copy {source} /a", "--allow-shrink", "copy.allow-shrink = true", "MaxShrinkPercent = ," },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_flag_and_its_key_do_the_same(string command, string flag, string hocon, string shown)
    {
        using var run = new BdistRun();
        var file = run.File("node.conf", $"backup {{ {hocon} }}");
        shown = shown.Replace("{source}", run.Source, StringComparison.Ordinal);

        Assert.False(await run.Run(command.Split(' ')) == 0 && Shown(run), "it is the default");
        Assert.True(await run.Run([.. command.Split(' '), .. flag.Split(' ')]) == 0, run.Error);
        Assert.True(Shown(run), $"flag: {run.Nodes.Started}");
        Assert.True(await run.Run([.. command.Split(' '), "--config", file]) == 0, run.Error);
        Assert.True(Shown(run), $"file: {run.Nodes.Started}");

        bool Shown(BdistRun of) => of.Nodes.Started!.ToString()!.Contains(shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_wins_over_the_file_and_the_file_over_the_default()
    {
        using var run = new BdistRun();
        var file = run.File("o.conf",
            "backup { origin { copies = 3, keep = 5, wait = 1h }, coordinator.address = \"localhost\" }");
        Assert.Equal(0, await run.Run("origin", "{source}", "--config", file, "--copies", "2"));
        var settings = Assert.IsType<OriginSettings>(run.Nodes.Started);
        Assert.Equal((2, 2, 5, TimeSpan.FromHours(1)),
            (settings.Goal.Copies, settings.StartWith, settings.Goal.Keep, settings.Wait));
        Assert.Equal("localhost:4053", settings.Coordinator.ToString());
    }

    [Theory]
    [InlineData("7d", 7 * 24)]
    [InlineData("36h", 36)]
    [InlineData("off", null)]
    public async Task A_destination_reads_its_replicas_again_as_often_as_it_is_told(string every, int? hours)
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("destination", "--root", "/r"));
        Assert.Equal((TimeSpan.FromDays(30), TimeSpan.FromMinutes(1)),
            (Assert.IsType<DestinationSettings>(run.Nodes.Started).VerifyEvery, Assert.IsType<DestinationSettings>(
                run.Nodes.Started).LookEvery));

        Assert.True(await run.Run("destination", "--root", "/r", "--config",
            run.File("d.conf", $"backup.destination.verify-every = {every}")) == 0, run.Error);
        Assert.Equal(hours is { } number ? TimeSpan.FromHours(number) : null,
            Assert.IsType<DestinationSettings>(run.Nodes.Started).VerifyEvery);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("401d")]
    [InlineData("weekly")]
    public async Task How_often_that_can_not_be_is_said(string every)
    {
        using var run = new BdistRun();
        Assert.Equal(2,
            await run.Run("destination", "--root", "/r", "--config",
                run.File("d.conf", $"backup.destination.verify-every = {every}")));
        Assert.Contains("backup.destination.verify-every", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_in_a_file_takes_a_default_away()
    {
        using var run = new BdistRun();
        var file = run.File("c.conf", "backup.coordinator.listen = null");
        Assert.Equal(2, await run.Run("coordinator", "--config", file));
        Assert.Equal(
            "bdist: --listen is missing: give --listen HOST[:PORT] or set backup.coordinator.listen in a file for "
            + "--config\n", run.Error);
    }

    [Fact]
    public async Task A_coordinator_tells_nobody_unless_it_is_told_whom()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("coordinator"));
        Assert.Null(Assert.IsType<CoordinatorSettings>(run.Nodes.Started).Notices);

        var file = run.File("c.conf",
            "backup.coordinator.notify { webhook = \"https://example.org/hook?key=1\", command = [ \"/bin/tell\", \"a "
            + "b\" ], events = [ \"protected\", \"at-risk\" ], max-age = 36h, timeout = 3s }");
        Assert.True(await run.Run("coordinator", "--config", file) == 0, run.Error);
        var notices = Assert.IsType<CoordinatorSettings>(run.Nodes.Started).Notices!;
        Assert.Equal("https://example.org/hook?key=1", notices.Webhook!.ToString());
        Assert.Equal(["/bin/tell", "a b"], notices.Command);
        Assert.Equal([NoticeKind.AtRisk, NoticeKind.Protected], notices.Kinds.Order());
        Assert.Equal((TimeSpan.FromHours(36), TimeSpan.FromSeconds(3), 8),
            (notices.MaxAge, notices.Timeout, notices.Attempts));
    }

    [Theory]
    [InlineData("backup.coordinator.notify.webhook = \"ftp://example.org\"",
        "'ftp://example.org' is not a URL of http or https")]
    [InlineData("backup.coordinator.notify.webhook = \"/hook\"", "'/hook' is not a URL of http or https")]
    [InlineData("backup.coordinator.notify.events = [ \"at-rsk\" ]",
        "'at-rsk' is not one of run-finished, at-risk, destination-lost, too-old, protected, warning")]
    [InlineData("backup.coordinator.database = db", "'db' is not a connection string")]
    [InlineData("backup.coordinator { database = \"Host=db\", data = \"/d\" }",
        "the record can't be kept in a folder (/d) and in a database")]
    public async Task What_a_coordinator_can_not_do_is_said(string hocon, string why)
    {
        using var run = new BdistRun();
        Assert.Equal(2, await run.Run("coordinator", "--config", run.File("c.conf", hocon)));
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_is_in_the_folder_or_in_the_database_that_is_named()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("coordinator", "--data", "/d"));
        Assert.Equal(new RecordPlace.Folder("/d"), Assert.IsType<CoordinatorSettings>(run.Nodes.Started).Record!.Place);
        Assert.Equal(0,
            await run.Run("coordinator", "--config",
                run.File("c.conf", "backup.coordinator.database = \"Host=db;Password=s3cret\"")));
        Assert.Equal(new RecordPlace.Server("Host=db;Password=s3cret"),
            Assert.IsType<CoordinatorSettings>(run.Nodes.Started).Record!.Place);
        Assert.DoesNotContain("s3cret", run.Nodes.Started.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_come_from_host_and_folder_and_of_destinations_from_all_of_their_path()
    {
        using var run = new BdistRun();
        Assert.Equal(0, await run.Run("origin", "{source}/"));
        Assert.Equal("nas-photos", ((OriginSettings)run.Nodes.Started!).Name.ToString());
        Assert.Equal(0, await run.Run("destination", "--root", "/mnt/disk 1"));
        Assert.Equal("nas-mnt-disk-1", ((DestinationSettings)run.Nodes.Started!).Name.ToString());
        Assert.Equal(0,
            await run.Run("copy", "{source}", "/mnt/a/b", "/mnt/a-b", "/" + new string('x', 80),
                "/" + new string('x', 81)));
        var names =
            ((CopySettings)run.Nodes.Started!).Destinations.Select(destination => destination.Name.ToString()).ToList();
        Assert.Equal(4, names.Distinct().Count());
        Assert.All(names[..2], name => Assert.Matches("^mnt-a-b-[0-9a-f]{4}$", name));
        Assert.All(names[2..], name => Assert.Matches("^x{59}-[0-9a-f]{4}$", name));
    }

    [Fact]
    public async Task The_owners_akka_settings_are_handed_on()
    {
        using var run = new BdistRun();
        var file = run.File("c.conf", "akka { loglevel = DEBUG, actor.provider = \"x:y\" }");
        Assert.Equal(0, await run.Run("coordinator", "--config", file));
        Assert.Equal("DEBUG", run.Nodes.Context!.AkkaOverrides.GetString("akka.loglevel"));
    }

    [Theory]
    [InlineData("common")]
    [InlineData("coordinator")]
    [InlineData("destination")]
    [InlineData("origin")]
    [InlineData("copy")]
    [InlineData("query")]
    public void Shipped_files_are_right_and_explain_every_key(string name)
    {
        var text = new StreamReader(typeof(Settings).Assembly.GetManifestResourceStream($"{name}.conf")!).ReadToEnd();
        HoconFile.Parse(name, text);
        var lines = text.Split('\n');
        foreach (var key in HoconOutline.Read(text).Keys)
            Assert.StartsWith("#", lines[key.Line - 2].Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_stands_in_a_shipped_file()
    {
        string[] names = ["common", "coordinator", "destination", "origin", "copy", "query"];
        var shipped = names.SelectMany(name =>
            HoconOutline.Read(new StreamReader(typeof(Settings).Assembly.GetManifestResourceStream($"{name}.conf")!)
                .ReadToEnd()).Keys);
        Assert.Equal(Settings.All.Select(setting => setting.Key).Order(StringComparer.Ordinal),
            shipped.Select(key => key.Path).Order(StringComparer.Ordinal));
    }
}
