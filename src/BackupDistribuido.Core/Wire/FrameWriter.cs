using System.Buffers;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Trees.Lines;

namespace BackupDistribuido.Core.Wire;

/// <summary>Writes header lines; the caller writes the payload that they announce right behind them.</summary>
public static class FrameWriter
{
    /// <summary>Writes the header line with its LF: at most <see cref="WireLimits.HeaderBytes"/>.</summary>
    public static void WriteHeader(Frame frame, IBufferWriter<byte> output)
    {
        var line = new FieldWriter(output);
        switch (frame)
        {
            case DataFrame data:
                Begin(ref line, "DATA"u8, data.Entry, data.Offset, data.Length);
                break;
            case HoleFrame hole:
                Begin(ref line, "HOLE"u8, hole.Entry, hole.Offset, hole.Length);
                break;
            case EndFrame end:
                Begin(ref line, "END"u8, end.Entry, end.Size);
                line.Field(end.Digest);
                break;
            case PageFrame page:
                Begin(ref line, "PAGE"u8, page.Page, page.First, page.Count, page.Length);
                if (page.Digest is { } lines) line.Field(lines);
                break;
            case NeedFrame need:
                Begin(ref line, "NEED"u8, need.Page, need.Length);
                break;
            case AliveFrame:
                Begin(ref line, "ALIVE"u8);
                break;
            case AgainFrame again:
                Begin(ref line, "AGAIN"u8, again.Entry, again.Length);
                break;
            case OmitFrame omit:
                Begin(ref line, "OMIT"u8, omit.Entry);
                line.Field(EntryLine.Spell(omit.Why));
                break;
            case SpoiledFrame spoiled:
                Begin(ref line, "SPOILED"u8, spoiled.Entry);
                break;
            case SealFrame seal:
                Begin(ref line, "SEAL"u8, seal.Entries, seal.Pages, seal.Bytes);
                line.Field(seal.Digest);
                break;
            case DoneFrame done:
                Begin(ref line, "DONE"u8);
                line.Field(done.Digest);
                break;
            case WantFrame want:
                Begin(ref line, "WANT"u8, want.Request);
                line.Field(want.Digest);
                line.Field(want.Size);
                if (want.Entry is { } entry) line.Field(entry);
                else line.Field("-"u8);
                line.Field(want.Length);
                break;
            case LackFrame lack:
                Begin(ref line, "LACK"u8, lack.Request);
                line.Field(ContentLacks.Spell(lack.Why));
                break;
            case HelloFrame hello:
                Greet(ref line, "HELLO"u8, hello.Profile.Version, hello.Run, hello.Epoch, hello.Secret.Reveal(),
                    hello.From.ToString(), hello.To.ToString(), hello.Snapshot.ToString());
                Offer(ref line, hello.Profile);
                break;
            case CallFrame call:
                Greet(ref line, "CALL"u8, call.Version, call.Run, call.Epoch, call.Secret.Reveal(),
                    call.Node.ToString(), call.Parent.ToString());
                break;
            case WelcomeFrame welcome:
                Greet(ref line, "WELCOME"u8, welcome.Profile.Version, welcome.Run, welcome.Epoch,
                    welcome.Node.ToString());
                line.Field(welcome.FirstPage);
                Offer(ref line, welcome.Profile);
                break;
            case ErrorFrame error:
                Begin(ref line, "ERROR"u8);
                line.Field(ErrorCodes.Spell(error.Code));
                line.Field(Printable(error.Reason.Within(WireLimits.ErrorTextBytes).Encode()));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(frame), frame, "unknown frame");
        }
        line.EndLine();
    }

    /// <summary>The header line by itself.</summary>
    public static byte[] Header(Frame frame)
    {
        var output = new ArrayBufferWriter<byte>(WireLimits.HeaderBytes);
        WriteHeader(frame, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Begin(ref FieldWriter line, ReadOnlySpan<byte> verb, params ReadOnlySpan<long> numbers)
    {
        line.Field(verb);
        foreach (var number in numbers) line.Field(number);
    }

    private static void Greet(ref FieldWriter line,
        ReadOnlySpan<byte> verb, int version, RunId run, Epoch epoch, params ReadOnlySpan<string> words)
    {
        Begin(ref line, verb, version);
        line.Field(run.ToString());
        line.Field(epoch.Number);
        foreach (var word in words) line.Field(word);
    }

    private static void Offer(ref FieldWriter line, LinkProfile profile)
    {
        if (profile.Version >= 2) line.Field(profile.Capabilities.ToString());
    }

    private static string Printable(string text)
    {
        var ascii =
            PathText.ToAscii(text.Length > WireLimits.ErrorTextBytes ? text[..WireLimits.ErrorTextBytes] : text).Trim();
        return ascii.Length switch
        {
            0 => "-",
            > WireLimits.ErrorTextBytes => ascii[..WireLimits.ErrorTextBytes],
            _ => ascii,
        };
    }
}
