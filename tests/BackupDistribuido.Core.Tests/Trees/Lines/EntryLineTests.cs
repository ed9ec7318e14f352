using System.Buffers;
using System.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees.Lines;

public sealed class EntryLineTests
{
    private const string Sha = "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447";
    private const string File = "f 644 1000 1000 1763829185.123456789 - 12 1763829185.200000000 77 ";

    private static byte[] Write(Entry entry)
    {
        var output = new ArrayBufferWriter<byte>();
        EntryLine.Write(entry, output);
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public void Any_entry_survives_the_round_trip() =>
        SampleTrees.Entry.Sample(entry =>
        {
            var line = Write(entry);
            return line[^1] == '\n' && !line.AsSpan(0, line.Length - 1).ContainsAnyExceptInRange((byte)' ', (byte)'~')
                && EntryLine.TryParse(line.AsSpan(0, line.Length - 1), out var read, out _) && read == entry;
        });

    [Fact]
    public void A_damaged_line_is_refused_or_is_the_one_spelling_of_another_entry() =>
        Gen.Select(SampleTrees.Entry, Gen.Int[0, 10_000], Gen.Byte.Where(value => value != '\n'))
            .Sample((entry, at, value) =>
        {
            var line = Write(entry)[..^1];
            line[at % line.Length] = value;
            return !EntryLine.TryParse(line, out var read, out var why)
                ? why.Length > 0 : Write(read).AsSpan(0, line.Length).SequenceEqual(line);
        });

    [Theory]
    [InlineData("d 755 0 0 0.000000000 - .")]
    [InlineData("d 7777 4294967295 4294967295 -9223372036854775808.999999999 - a%20b/%FF")]
    [InlineData("d 0 0 0 -1.000000001 - a")]
    [InlineData(File + "- a")]
    [InlineData(File + Sha + " a")]
    [InlineData("f 644 0 0 9223372036854775807.999999999 - 9223372036854775807 0.000000000 18446744073709551615 - a")]
    [InlineData("l 777 0 0 0.000000000 - ../../etc/passwd a")]
    [InlineData("l 777 0 0 0.000000000 - %0A a")]
    [InlineData("d 755 0 0 0.000000000 system.posix_acl_access=%02%00,user.a=,user.b%2C=x%3Dy,user.%FF=%0A a")]
    [InlineData("f 644 0 0 0.000000000 user.colour=blue%20green 1 0.000000000 1 - a")]
    [InlineData("p 644 0 0 0.000000000 - a")]
    [InlineData("s 644 0 0 0.000000000 - a")]
    [InlineData("c 644 0 0 0.000000000 - 4294967295 0 a")]
    [InlineData("b 644 0 0 0.000000000 - 7 4294967295 a")]
    [InlineData("h 0 a")]
    [InlineData("h 9999999999 a")]
    [InlineData("! unreadable a")]
    [InlineData("! vanished a")]
    [InlineData("! changed a")]
    [InlineData("! path-too-long a")]
    public void A_line_is_read_and_written_the_same(string line)
    {
        Assert.True(EntryLine.TryParse(Encoding.ASCII.GetBytes(line), out var entry, out var why), why);

        Assert.Equal(line + "\n", Encoding.ASCII.GetString(Write(entry)));
    }

    [Theory]
    [InlineData("", "empty field")]
    [InlineData(" ", "empty field")]
    [InlineData("x", "unknown kind of entry")]
    [InlineData("dd 755 0 0 0.000000000 a", "unknown kind of entry")]
    [InlineData("D 755 0 0 0.000000000 a", "unknown kind of entry")]
    [InlineData("d", "fewer fields than expected")]
    [InlineData("d 755 0 0 0.000000000", "fewer fields than expected")]
    [InlineData("d 755 0 0 0.000000000 - ", "empty field")]
    [InlineData("d 755 0 0 0.000000000 - a ", "more fields than expected")]
    [InlineData("d 755 0 0 0.000000000 - a b", "more fields than expected")]
    [InlineData("d  755 0 0 0.000000000 a", "empty field")]
    [InlineData("d\t755 0 0 0.000000000 a", "unknown kind of entry")]
    [InlineData("d 888 0 0 0.000000000 a", "'888' is not an octal number from 0 to 7777")]
    [InlineData("d 10000 0 0 0.000000000 - a", "'10000' is not an octal number from 0 to 7777")]
    [InlineData("d 0755 0 0 0.000000000 - a", "'0755' is not an octal number from 0 to 7777")]
    [InlineData("d -1 0 0 0.000000000 a", "'-1' is not an octal number from 0 to 7777")]
    [InlineData("d 755 4294967296 0 0.000000000 - a", "'4294967296' is not a number from 0 to 4294967295")]
    [InlineData("d 755 0 -1 0.000000000 a", "'-1' is not a number from 0 to 4294967295")]
    [InlineData("d 755 0 0 0 a", "'0' is not a time")]
    [InlineData("d 755 0 0 0.1000000000 a", "'0.1000000000' is not a time")]
    [InlineData("d 755 0 0 0.000000000 - /a", "path is absolute")]
    [InlineData("d 755 0 0 0.000000000 - ..", "path has a '..' component")]
    [InlineData("d 755 0 0 0.000000000 - a/../../b", "path has a '..' component")]
    [InlineData("d 755 0 0 0.000000000 - a//b", "path has an empty component")]
    [InlineData("d 755 0 0 0.000000000 - a/", "path has an empty component")]
    [InlineData("d 755 0 0 0.000000000 - a%00b", "path has a NUL byte")]
    [InlineData("d 755 0 0 0.000000000 - %2E%2E", "'%2E%2E' is not percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 - a%2Fb", "'a%2Fb' is not percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 - %ff", "'%ff' is not percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 - a%", "'a%' is not percent-encoded as it must be")]
    [InlineData("f 644 0 0 0.000000000 - -1 0.000000000 0 - a", "'-1' is not a number from 0 to 9223372036854775807")]
    [InlineData("f 644 0 0 0.000000000 - 9223372036854775808 0.000000000 0 - a",
        "'9223372036854775808' is not a number from 0 to 9223372036854775807")]
    [InlineData("f 644 0 0 0.000000000 - 1 0.000000000 18446744073709551616 - a",
        "'18446744073709551616' is not a number from 0 to 18446744073709551615")]
    [InlineData("f 644 0 0 0.000000000 - 1 0.000000000 0 -- a", "'--' is not a SHA-256 in lower-case hex")]
    [InlineData(
        "f 644 0 0 0.000000000 - 1 0.000000000 0 A948904F2F0F479B8F8197694B30184B0D2ED1C1CD2A1EC0FB85D299A192A447 a",
        "'A948904F2F0F479B8F8197694B30184B0D2ED1C1' is not a SHA-256 in lower-case hex")]
    [InlineData("f 644 0 0 0.000000000 - 1 0.000000000 0 -", "fewer fields than expected")]
    [InlineData("l 777 0 0 0.000000000 -  a", "empty field")]
    [InlineData("l 777 0 0 0.000000000 - %00 a", "link target has a NUL byte")]
    [InlineData("l 777 0 0 0.000000000 - a", "fewer fields than expected")]
    [InlineData("! FIFO a", "unknown reason for an omitted entry")]
    [InlineData("! 0 a", "unknown reason for an omitted entry")]
    [InlineData("! a", "unknown reason for an omitted entry")]
    [InlineData("d 755 0 0 0.000000000 a", "an attribute is not NAME=VALUE, percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 user.b=1,user.a=1 a", "attributes are out of order")]
    [InlineData("d 755 0 0 0.000000000 user.a=1,user.a=2 a", "attributes are out of order")]
    [InlineData("d 755 0 0 0.000000000 user.a a", "an attribute is not NAME=VALUE, percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 user.a=1, a", "an attribute is not NAME=VALUE, percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 =1 a", "an attribute is not NAME=VALUE, percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 user.a==1 a", "an attribute is not NAME=VALUE, percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 user.a=%41 a", "an attribute is not NAME=VALUE, percent-encoded as it must be")]
    [InlineData("d 755 0 0 0.000000000 user%00=1 a", "an attribute's name is empty, too long, or has a NUL byte")]
    [InlineData("c 644 0 0 0.000000000 - 1 a", "'a' is not a number from 0 to 4294967295")]
    [InlineData("c 644 0 0 0.000000000 - 4294967296 1 a", "'4294967296' is not a number from 0 to 4294967295")]
    [InlineData("p 644 0 0 0.000000000 - 1 1 a", "more fields than expected")]
    [InlineData("h 10000000000 a", "'10000000000' is not a number from 0 to 9999999999")]
    [InlineData("h -1 a", "'-1' is not a number from 0 to 9999999999")]
    [InlineData("h 1 ../a", "path has a '..' component")]
    [InlineData("! vanished ../a", "path has a '..' component")]
    [InlineData("! vanished", "fewer fields than expected")]
    public void A_hostile_line_is_refused_with_what_is_wrong(string line, string problem)
    {
        Assert.False(EntryLine.TryParse(Encoding.Latin1.GetBytes(line), out var entry, out var why));

        Assert.Equal(problem, why);
        Assert.Null(entry);
    }

    [Fact]
    public void The_longest_line_fits_its_limit()
    {
        var path = TreePath.FromBytes([.. Enumerable.Range(0, 256)
            .SelectMany(i => Enumerable.Repeat((byte)0xFF, 255).Append((byte)'/')).SkipLast(1)]);
        var metadata =
            new Metadata(Metadata.MaxMode, uint.MaxValue, uint.MaxValue, new FileTime(long.MinValue, 999_999_999));
        var target = Enumerable.Repeat((byte)0xFF, SymbolicLinkEntry.MaxTargetBytes).ToArray();

        var line = Write(new SymbolicLinkEntry(path, metadata, target));

        Assert.InRange(line.Length, 3 * (TreePath.MaxBytes - 255), EntryLine.MaxBytes);
        Assert.True(EntryLine.TryParse(line.AsSpan(0, line.Length - 1), out _, out _));
        var longer =
            Encoding.ASCII.GetBytes(
                $"l 777 0 0 0.000000000 - {new string('x', SymbolicLinkEntry.MaxTargetBytes + 1)} a");
        Assert.False(EntryLine.TryParse(longer, out _, out var why));
        Assert.Equal("link target is empty or too long", why);
    }

    [Fact]
    public void Links_are_equal_by_what_they_hold()
    {
        var metadata = new Metadata(0, 0, 0, default);
        var path = TreePath.FromBytes("a"u8);
        var (a, b) = (new SymbolicLinkEntry(path, metadata, "x"u8.ToArray()),
            new SymbolicLinkEntry(path, metadata, "x"u8.ToArray()));

        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, b with { Target = "y"u8.ToArray() });
    }

    [Fact]
    public void Every_reason_has_a_spelling_of_its_own()
    {
        foreach (var why in Enum.GetValues<Omission>())
        {
            Assert.True(EntryLine.TryParseOmission(Encoding.ASCII.GetBytes(EntryLine.Spell(why)), out var read));
            Assert.Equal(why, read);
        }
    }
}
