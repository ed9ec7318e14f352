using System.Diagnostics.CodeAnalysis;
using System.Text;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;

namespace BackupDistribuido.Core.Wire;

/// <summary>Reads header lines: bytes in, values out. It keeps no state and knows no socket; docs/protocol.md has the
/// grammar.</summary>
public static class FrameReader
{
    /// <summary>
    /// Reads the header line at the front of <paramref name="input"/>. False while the line is not whole; then more
    /// bytes are wanted. On success the frame's payload, if it announces one, begins at
    /// <paramref name="headerLength"/>.
    /// </summary>
    /// <param name="input">What has come.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="frame">What the line says.</param>
    /// <param name="headerLength">Bytes of the line, its LF included.</param>
    /// <param name="version">The version that is spoken; a greeting says its own.</param>
    /// <exception cref="ProtocolException">The line is over its limit, is not in the grammar, or may not travel this
    /// way.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, Direction direction, [NotNullWhen(true)] out Frame? frame,
        out int headerLength, int version = LinkProfile.NewestVersion)
    {
        frame = null;
        headerLength = 0;
        var end = input[..Math.Min(input.Length, WireLimits.HeaderBytes)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return input.Length < WireLimits.HeaderBytes
                ? false
                : throw new ProtocolException(ErrorCode.Limit,
                    $"header line is longer than {WireLimits.HeaderBytes} bytes");
        }
        frame = Read(input[..end], direction, version);
        headerLength = end + 1;
        return true;
    }

    private static Frame Read(ReadOnlySpan<byte> line, Direction direction, int version)
    {
        var fields = new FieldReader(line);
        var verb = fields.Word();
        var frame = direction == Direction.Down
            ? ReadDown(verb, ref fields, version) : ReadUp(verb, ref fields, version);
        if (frame is null && verb.SequenceEqual("ERROR"u8)) frame = ReadError(ref fields);
        if (fields.Failed) throw new ProtocolException(ErrorCode.Syntax, $"{Shown(verb)}: {fields.Problem}");
        if (frame is null) throw new ProtocolException(ErrorCode.Syntax, $"unknown verb '{Shown(verb)}'");
        if (!fields.AtEnd) throw new ProtocolException(ErrorCode.Syntax, $"{Shown(verb)}: more fields than expected");
        return frame;
    }

    private static Frame? ReadDown(ReadOnlySpan<byte> verb, ref FieldReader fields, int version)
    {
        if (verb.SequenceEqual("DATA"u8))
            return new DataFrame(Entry(ref fields), fields.Number(long.MaxValue),
                Length(ref fields, WireLimits.DataBytes));
        if (verb.SequenceEqual("END"u8))
            return new EndFrame(Entry(ref fields), fields.Number(long.MaxValue), fields.Digest());
        if (verb.SequenceEqual("HOLE"u8))
            return new HoleFrame(Entry(ref fields), fields.Number(long.MaxValue),
                Limited(ref fields, WireLimits.HoleBytes, "bytes of a hole"));
        if (verb.SequenceEqual("PAGE"u8)) return ReadPage(ref fields, version);
        if (verb.SequenceEqual("AGAIN"u8))
            return new AgainFrame(Entry(ref fields), Length(ref fields, WireLimits.PageBytes));
        if (verb.SequenceEqual("OMIT"u8)) return ReadOmit(ref fields);
        if (verb.SequenceEqual("SPOILED"u8)) return new SpoiledFrame(Entry(ref fields));
        if (verb.SequenceEqual("SEAL"u8))
        {
            return new SealFrame(fields.Number(WireLimits.MaxEntry), (int)fields.Number(WireLimits.MaxPage),
                fields.Number(long.MaxValue), fields.Digest());
        }
        if (verb.SequenceEqual("HELLO"u8)) return ReadHello(ref fields);
        if (version < 2) return null;
        if (verb.SequenceEqual("ALIVE"u8)) return AliveFrame.Instance;
        return verb.SequenceEqual("LACK"u8) ? ReadLack(ref fields) : null;
    }

    private static Frame? ReadUp(ReadOnlySpan<byte> verb, ref FieldReader fields, int version)
    {
        if (verb.SequenceEqual("ALIVE"u8)) return AliveFrame.Instance;
        if (verb.SequenceEqual("NEED"u8))
            return new NeedFrame(Page(ref fields), Length(ref fields, WireLimits.NeedBytes));
        if (verb.SequenceEqual("DONE"u8)) return new DoneFrame(fields.Digest());
        if (verb.SequenceEqual("WELCOME"u8)) return ReadWelcome(ref fields);
        if (verb.SequenceEqual("CALL"u8)) return ReadCall(ref fields);
        return version >= 2 && verb.SequenceEqual("WANT"u8) ? ReadWant(ref fields) : null;
    }

    private static PageFrame ReadPage(ref FieldReader fields, int version)
    {
        var page = Page(ref fields);
        var first = Entry(ref fields);
        var count = (int)Limited(ref fields, WireLimits.PageEntries, "entries a page");
        var length = Length(ref fields, WireLimits.PageBytes);
        return new PageFrame(page, first, count, length, version < 2 ? null : fields.Digest());
    }

    private static OmitFrame ReadOmit(ref FieldReader fields)
    {
        var entry = Entry(ref fields);
        if (!EntryLine.TryParseOmission(fields.Word(), out var why)) fields.Fail<Frame>("unknown reason");
        return new OmitFrame(entry, why);
    }

    private static WantFrame ReadWant(ref FieldReader fields)
    {
        var request = Entry(ref fields);
        var digest = fields.Digest();
        var size = fields.Number(long.MaxValue);
        var entry = fields.NumberOrDash(WireLimits.MaxEntry);
        return new WantFrame(request, digest, size, entry, Length(ref fields, WireLimits.WantBytes));
    }

    private static LackFrame ReadLack(ref FieldReader fields)
    {
        var request = Entry(ref fields);
        if (!ContentLacks.TryParse(Text(ref fields), out var why)) fields.Fail<Frame>("unknown reason");
        return new LackFrame(request, why);
    }

    private static HelloFrame ReadHello(ref FieldReader fields)
    {
        var version = Version(ref fields);
        var run = Run(ref fields);
        var epoch = new Epoch(fields.Number(Epoch.Max));
        var secret = Secret(ref fields);
        var (from, to) = (Name(ref fields), Name(ref fields));
        if (!SnapshotId.TryParse(Text(ref fields), out var snapshot)) fields.Fail<Frame>("malformed snapshot id");
        return new HelloFrame(run, epoch, secret, from, to, snapshot) { Profile = Profile(ref fields, version) };
    }

    private static WelcomeFrame ReadWelcome(ref FieldReader fields)
    {
        var version = Version(ref fields);
        var run = Run(ref fields);
        var epoch = new Epoch(fields.Number(Epoch.Max));
        var (node, first) = (Name(ref fields), Page(ref fields));
        return new WelcomeFrame(run, epoch, node, first) { Profile = Profile(ref fields, version) };
    }

    private static CallFrame ReadCall(ref FieldReader fields)
    {
        var version = Version(ref fields);
        var run = Run(ref fields);
        var epoch = new Epoch(fields.Number(Epoch.Max));
        var secret = Secret(ref fields);
        return new CallFrame(run, epoch, secret, Name(ref fields), Name(ref fields)) { Version = version };
    }

    private static ErrorFrame ReadError(ref FieldReader fields)
    {
        var code = ErrorCodes.TryParse(Text(ref fields), out var known) ? known : ErrorCode.Syntax;
        var text = fields.Rest();
        if (text.Length > WireLimits.ErrorTextBytes || text.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            fields.Fail<Frame>("malformed text");
        return new ErrorFrame(code, Reason.Parse(Encoding.ASCII.GetString(text)));
    }

    // Before any other field: another version may have others.
    private static int Version(ref FieldReader fields)
    {
        var version = fields.Number(long.MaxValue);
        if (fields.Failed || version is >= LinkProfile.OldestVersion and <= LinkProfile.NewestVersion)
            return (int)version;
        throw new ProtocolException(ErrorCode.Version,
            $"version {version} is not spoken here, version {LinkProfile.NewestVersion} is");
    }

    private static LinkProfile Profile(ref FieldReader fields, int version)
    {
        if (version < 2) return LinkProfile.First;
        if (!Capabilities.TryParse(Text(ref fields), out var words)) fields.Fail<Frame>("malformed capabilities");
        return new LinkProfile(version, words ?? Capabilities.None);
    }

    private static long Entry(ref FieldReader fields) => fields.Number(WireLimits.MaxEntry);

    private static int Page(ref FieldReader fields) => (int)fields.Number(WireLimits.MaxPage);

    private static int Length(ref FieldReader fields, int limit) => (int)Limited(ref fields, limit, "payload bytes");

    private static long Limited(ref FieldReader fields, int limit, string what)
    {
        var value = fields.Number(long.MaxValue);
        return value <= limit
            ? value : throw new ProtocolException(ErrorCode.Limit, $"{value} {what} are over the limit of {limit}");
    }

    private static RunId Run(ref FieldReader fields)
    {
        if (!RunId.TryParse(Text(ref fields), out var run)) fields.Fail<Frame>("malformed run id");
        return run;
    }

    private static LinkSecret Secret(ref FieldReader fields)
    {
        if (!LinkSecret.TryParse(Text(ref fields), out var secret)) fields.Fail<Frame>("malformed secret");
        return secret;
    }

    private static NodeName Name(ref FieldReader fields)
    {
        if (!NodeName.TryParse(Text(ref fields), out var name, out var why)) fields.Fail<Frame>(why.ToString());
        return name;
    }

    private static string Text(ref FieldReader fields) => Encoding.Latin1.GetString(fields.Word());

    private static string Shown(ReadOnlySpan<byte> word) => PathText.Display(word.Length > 20 ? word[..20] : word).Text;
}
