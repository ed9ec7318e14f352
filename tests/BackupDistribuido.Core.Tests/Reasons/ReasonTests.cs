using System.Net.Sockets;
using System.Runtime.InteropServices;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Core.Tests.Reasons;

public sealed class ReasonTests
{
    [Fact]
    public void It_is_one_line_of_ascii()
    {
        var reason = LinkReason.Lost("nas:4054", ReplicaReason.FileDamagedAt("a", "año 1=[x]\nb"));

        Assert.Equal(
            "[link.lost] address=nas:4054 why=[replica.file-damaged-at]%20holder=a%20path=a%25C3%25B1o%25201=[x]%2520b",
            reason.Encode());
        Assert.Equal(reason, Reason.Parse(reason.Encode()));
        Assert.Equal("the connection to nas:4054 was lost: a found that 'año 1=[x] b' of its snapshot is damaged",
            reason.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("it is not heard any more")]
    [InlineData("[::1]:4054 did not answer within 4 s")]
    [InlineData("[link.lost")]
    [InlineData("[link.lost] address")]
    [InlineData("[link.lost] address=%zz")]
    [InlineData("[Link] x=1")]
    [InlineData("[text]")]
    public void A_sentence_of_an_older_node_is_a_text(string sentence)
    {
        var reason = Reason.Parse(sentence);

        Assert.Equal(sentence.Length == 0 ? "" : Reason.TextCode, reason.Code);
        Assert.Equal(sentence, reason.ToString());
        Assert.Equal(sentence, reason.Encode());
    }

    [Fact]
    public void Text_that_looks_like_a_reason_stays_a_text()
    {
        var text = Reason.Text("[member.left]");

        Assert.Equal("[text] text=[member.left]", text.Encode());
        Assert.Equal(text, Reason.Parse(text.Encode()));
        Assert.Equal("[member.left]", text.ToString());
    }

    [Fact]
    public void A_code_of_a_newer_node_is_shown_as_it_was_sent() =>
        Assert.Equal("[disk.on-fire] where=nas", Reason.Parse("[disk.on-fire] where=nas").ToString());

    [Fact]
    public void What_others_say_moves_no_terminal_and_is_bounded()
    {
        var long_ = new string('x', 100_000);

        Assert.Equal("%1B[2Jgone", Reason.Text("\u001b[2Jgone").ToString());
        Assert.Equal("%1B[2J", Reason.Parse("[link.child-stopped] child=%1B[2J").Find("child"));
        Assert.InRange(Reason.Text(long_).Encode().Length, 100, 3000);
        Assert.Equal(Reason.TextCode, Reason.Parse($"[link.child-stopped] child={long_}").Code);
    }

    [Fact]
    public void Shortened_it_is_still_that_reason()
    {
        var reason =
            LinkReason.Lost("nas:4054", LinkReason.Unreached("b", Reason.Text(new string('x', 1000)))).Within(150);

        Assert.InRange(reason.Encode().Length, 60, 150);
        Assert.Equal(("link.lost", "link.unreached"), (reason.Code, Reason.Parse(reason.Find("why")!).Code));
    }

    [Fact]
    public void Several_are_told_one_after_the_other()
    {
        var reason = Reason.Several([PlanReason.SendOnce, Reason.None, PlanReason.DialsUnreached("a", "b")]);

        Assert.Equal("auto: a chain, so that the origin sends once; a dials b: it was not reached", reason.ToString());
        Assert.Equal(
            "auto: cadena, para que el origen envíe una sola vez; a se conecta a b: no se pudo establecer la conexión",
            ReasonTexts.Of(Reason.Parse(reason.Encode()), Language.Spanish));
        Assert.Equal(PlanReason.SendOnce, Reason.Several([PlanReason.SendOnce]));
    }

    [Fact]
    public void One_within_another_is_told_in_the_same_language() =>
        Assert.Equal(
            "se perdió la conexión con nas:4054: no se puede recibir por la conexión: el otro lado cortó la conexión.",
            ReasonTexts.Of(LinkReason.Lost("nas:4054", Reason.Text(
                "Unable to read data from the transport connection: Connection reset by peer.")), Language.Spanish));

    [Theory]
    [InlineData("/srv/copies: No space left on device (pwrite, errno 28)",
        "/srv/copies: no queda espacio en el dispositivo (pwrite, errno 28)")]
    [InlineData("No space left on device : '/var/a b'", "no queda espacio en el dispositivo: «/var/a b»")]
    [InlineData("Access to the path '/srv/x' is denied.", "no está permitido el acceso a «/srv/x».")]
    [InlineData("Connection refused [::1]:4054", "conexión rechazada ([::1]:4054)")]
    [InlineData("SQLite Error 13: 'database or disk is full'.",
        "error 13 de SQLite: la base de datos o el disco están llenos.")]
    [InlineData("rsync error: some files (12) were not transferred",
        "rsync error: some files (12) were not transferred")]
    public void What_the_system_says_is_told_in_spanish_and_what_a_program_says_is_not(string said, string spanish)
    {
        Assert.Equal(spanish, ReasonTexts.Of(Reason.Text(said), Language.Spanish));
        Assert.Equal(said, ReasonTexts.Of(Reason.Text(said), Language.English));
    }

    [Fact]
    public void What_is_said_of_a_connection_is_known_in_spanish()
    {
        SocketError[] sockets =
        [
            SocketError.ConnectionRefused, SocketError.TimedOut, SocketError.HostUnreachable,
            SocketError.NetworkUnreachable, SocketError.ConnectionReset, SocketError.AddressAlreadyInUse,
                SocketError.HostDown,
        ];

        Assert.All(sockets.Select(error => new SocketException((int)error).Message),
            said => Assert.NotEqual(said, ReasonTexts.Of(Reason.Text(said), Language.Spanish)));
        Assert.NotEqual("Too many open files",
            ReasonTexts.Of(Reason.Text(Marshal.GetPInvokeErrorMessage(24)), Language.Spanish));
    }
}
