using BackupDistribuido.Cli.Configuration;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Tests.Configuration;

public sealed class HoconFileTests
{
    [Theory]
    [InlineData("backup {\n  origin {\n    copies = 1\n", "f:2: this '{' is never closed")]
    [InlineData("backup { }\n}\n", "f:2: '}' without a '{' before it")]
    [InlineData("{ backup.origin.copies = 1 }\nx", "f:2: nothing may follow the closing '}', but 'x' does")]
    [InlineData("backup {\n  origin.copies =\n}", "f:2: the key 'backup.origin.copies' has no value")]
    [InlineData("\n\nbackup.origin.name = \"abc\n", "f:3: this '\"' is never closed")]
    [InlineData("backup.origin.name = \"a\\qc\"", "f:1: '\\q' is no escape; write a backslash as \\\\")]
    [InlineData("backup.coordinator.address = 127.0.0.1:4053", "f:1: a value with ':' needs double quotes around it")]
    [InlineData("backup.copy.destinations = [ \"a\",\n\"b\"", "f:1: this '[' is never closed")]
    [InlineData("backup {\n  origin copies\n}", "f:2: after the key 'origin copies' comes '=' or '{'")]
    [InlineData("backup.origin.name = ${HOME}", "f:1: substitutions (${…}) are not supported: write the value itself")]
    [InlineData("a = ${a}", "f:1: substitutions (${…}) are not supported: write the value itself")]
    [InlineData("include \"x.conf\"", "f:1: include is not supported: put everything into one file")]
    [InlineData("backup.copy.destinations += \"x\"", "f:1: '+=' is not supported: write the whole array")]
    [InlineData("backup {\n = 3 }", "f:2: a key can't begin with '='")]
    [InlineData("backup {\n  origin {\n    copeis = 2\n  }\n}",
        "unknown key backup.origin.copeis (f:3); did you mean backup.origin.copies?")]
    [InlineData("backup.unheard.of = 1", "unknown key backup.unheard.of (f:1); the files in hocon/ name every key")]
    [InlineData("# x\nbakcup { origin.copies = 1 }",
        "unknown key bakcup.origin.copies (f:2); did you mean backup.origin.copies?")]
    [InlineData("\"backup.origin.copies\" = 2",
        "unknown key \"backup.origin.copies\" (f:1); did you mean backup.origin.copies?")]
    [InlineData("backup.origin = 3",
        "backup.origin (f:1): this is a section with its own keys, such as backup.origin.source; it takes no value")]
    [InlineData("backup.origin.copies = many",
        "backup.origin.copies (f:1): 'many' is not a whole number from 1 to 1000; for example: backup.origin.copies = "
        + "\"2\"")]
    [InlineData("backup.origin.wait = 10",
        "backup.origin.wait (f:1): '10' is not a duration (a whole number and s, m or h); for example: "
        + "backup.origin.wait = \"10m\"")]
    [InlineData("backup.origin.name = \".x\"",
        "backup.origin.name (f:1): the name '.x' begins with a dot; for example: backup.origin.name = \"office-nas\"")]
    [InlineData("backup.output.mode = loud",
        "backup.output.mode (f:1): 'loud' is not one of auto, plain, json; for example: backup.output.mode = "
        + "\"plain\"")]
    [InlineData("backup.security.insecure = maybe",
        "backup.security.insecure (f:1): 'maybe' is not true or false; for example: backup.security.insecure = "
        + "\"true\"")]
    [InlineData("backup.destination.listen = \"host\"",
        "backup.destination.listen (f:1): 'host' has no port from 0 to 65535; write HOST:PORT; for example: "
        + "backup.destination.listen = \"192.168.1.20:4054\"")]
    [InlineData("backup.origin.copies = [1]", "backup.origin.copies (f:1): this takes one value, not an array")]
    [InlineData("backup.copy.destinations = \"/a\"",
        "backup.copy.destinations (f:1): this takes an array; for example: [ \"/srv/backups\" ]")]
    public void Broken_texts_are_refused_with_their_line(string text, string message)
    {
        var failure = Assert.Throws<CommandFailure>(() => HoconFile.Parse("f", text));
        Assert.Equal(message, failure.Message);
        Assert.Equal(2, (int)failure.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment")]
    [InlineData("backup { }")]
    [InlineData("{ backup : { origin : { copies : 7 } } }")]
    [InlineData("backup.origin.copies = 7 // seven")]
    [InlineData("backup { origin { copies = 7 }, output.mode = json }\r\n")]
    [InlineData("backup.origin.\"copies\" = \"\"\"7\"\"\"")]
    [InlineData(
        "akka { remote.dot-netty.tcp { port = 0, hostname = \"a:b\", x = [1, [2, 3], { y = 4 }] } "
        + "}\nbackup.origin.copies = 7")]
    public void Right_texts_are_read(string text)
    {
        var file = HoconFile.Parse("f", text);
        var found = file.TryGet(Settings.Copies, out var copies, out var where);
        Assert.Equal(text.Contains('7'), found);
        if (found) Assert.Equal("7", copies);
        if (found) Assert.StartsWith("backup.origin.copies (f:", where, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_before_any_stack_ends()
    {
        var failure =
            Assert.Throws<CommandFailure>(() => HoconFile.Parse("f", string.Concat(Enumerable.Repeat("a {", 100_000))));
        Assert.Equal("f:1: more than 64 levels of braces", failure.Message);
    }

    [Fact]
    public void Any_text_is_read_or_refused_in_one_line() => CsCheck.Check.Sample(
        CsCheck.Gen.String[CsCheck.Gen.Char["{}[]=:,.\"\\\n #/$ab1+"], 0, 30], letters =>
        {
            try
            {
                HoconFile.Parse("f", "backup.origin.name = ab\n" + letters);
            }
            catch (CommandFailure failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
            }
        }, iter: 20_000);
}
