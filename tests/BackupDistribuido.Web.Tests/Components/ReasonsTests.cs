using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Web.Components;
using BackupDistribuido.Web.Components.Parts;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class ReasonsTests
{
    private static readonly View Spanish = new(Language.Spanish, RenderedPage.Coordinator(SampleStatus.Nobody)),
        English = Spanish with { Language = Language.English };

    /// <summary>What lines that make a reason have in them.</summary>
    private static readonly string[] Makers =
    [
        " LinkException(", "CarrierRefusedException", "TellAsync(", "NodeException(", "new Warned(",
            "Refused(ErrorCode", "RefuseAsync(", ".Fail(ErrorCode", "Refuse(role", "Forget(role", "Receive<Leave>",
                "Receive<NodeEnded>",
        "state.Lost(", "State.Lost(", "next.Lost(", "EndUnheard(", "state.Failed(", "state.Damaged(", "Failed(name", "Standing = MemberStanding.", "MemberLost(",
            "OriginGone(", " End(", "Without(", "RunsOfRecord(", "RunsAnswer(", "Report(\"", "Refuse(RootRefusal",
                "RootRefusedException(",
        "SourceRefusedException(", "=> $\"SOURCE", "InvalidDataException($\"{folder.SnapshotPath(_", "NotReached(",
            "new(ExitCode", "reason = ", "_failure = ", "why = confined", "var who = ", "Usage($\"the choices",
                "TimeoutException =>", "CommandFailure(ExitCode.Usage",
        " RecordException(", "RecordInUseException(", "WarnOnce(", "_warn(", "return $\"the coordinator's record",
            ": $\"{record.Name} runs with", " Told(", "older.Warn(", "MountedException(", "NameNotKeptException(", " Tell(folder, $",
    ];

    /// <summary>Files whose every sentence is one.</summary>
    private static readonly string[] Whole =
    [
        "Planning.cs", "StartCondition.cs", "ShrinkGuard.cs", "RegistrationRules.cs", "CarrierGreeting.cs",
            "CarrierHandshake.cs",
            "LinkGreeter.cs", "AuthenticatedPeer.cs",
            "LinkFaults.cs", "SharedDisks.cs", "RootAbilities.cs", "OriginFolder.cs", "OriginReplicas.cs", "PageFolders.cs",
                "PageControl.cs",
        "SourceFolder.cs", "SecurityRule.cs", "NodeName.cs", "NodeAddress.cs", "Unreadable.cs", "Doubts.cs",
            "TwinWatch.cs", "ReplicaWriterActor.Seal.cs",
    ];

    /// <summary>Files whose sentences no page of a node shows: of commands without one, for logs, and for makers of
    /// programs that break the protocol.</summary>
    private static readonly string[] Elsewhere = ["RefusedMessages.cs", "NodePages.cs", "CopyCommand.cs",
        "CopyRoots.cs", "CoordinatorRecord.cs", "CommandHost.cs", "Confinement.cs", "LandlockedProcess.cs",
            "BdistCommand.cs", "Migrations.cs"];

    /// <summary>Lines that make something for the log, or of a defect.</summary>
    private static readonly string[] NotShown =
        ["og.", "ArgumentException(", "InvalidOperationException(", "the connection string "];

    private static readonly List<string> Made =
    [
        .. SourceTexts.Files.Where(file => !Elsewhere.Contains(Path.GetFileName(file)))
            .SelectMany(file =>
                SourceTexts.Of(file,
                    line => (Whole.Contains(Path.GetFileName(file))
                        || Makers.Any(maker => line.Contains(maker, StringComparison.Ordinal)))
                        && !NotShown.Any(part => line.Contains(part, StringComparison.Ordinal))))
            .Where(text => text.Trim().Contains(' ', StringComparison.Ordinal)
                && text.Replace("v7", "", StringComparison.Ordinal).Any(char.IsLetter)).Distinct(),
    ];

    [Fact]
    public void Every_reason_that_is_made_somewhere_has_a_spanish_one()
    {
        Assert.InRange(Made.Count, 150, 1000);
        None(Made.Where(text => Reasons.Text(text, Spanish) == text));
    }

    [Fact]
    public void None_is_there_that_nobody_makes_or_that_loses_a_value()
    {
        None(ReasonTable.Rows.Except(SystemReasons.Rows).Select(row => row.English)
            .Where(english =>
                !Made.Exists(text =>
                    Regex.IsMatch(text, $"^{Regex.Replace(Regex.Escape(english), @"\\\{\d}", ".*")}$"))));
        Assert.All(ReasonTable.Rows, row => Assert.Equal(Places(row.English), Places(row.Spanish)));
    }

    [Fact]
    public void Each_error_number_that_is_told_apart_and_each_of_a_connection_has_its_text()
    {
        var numbers = SourceTexts.Files.Where(file => file.EndsWith("/Errno.cs", StringComparison.Ordinal))
            .SelectMany(SourceTexts.Lines)
            .Select(line => Regex.Match(line, @"^\s+\w+ = (\d+),$")).Where(line => line.Success).Select(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)).Where(number => number > 0).ToList();
        SocketError[] sockets = [SocketError.ConnectionRefused, SocketError.TimedOut, SocketError.HostUnreachable,
            SocketError.NetworkUnreachable, SocketError.ConnectionReset, SocketError.AddressAlreadyInUse,
                SocketError.HostDown];
        var said = numbers.Select(Marshal.GetPInvokeErrorMessage)
            .Concat(sockets.Select(error => new SocketException((int)error).Message)).Distinct().ToList();

        Assert.InRange(numbers.Count, 25, 133);
        None(said.Except(SystemReasons.Errors.Select(row => row.English)));
        None(SystemReasons.Errors.Select(row => row.English)
            .Except(Enumerable.Range(1, 133).Select(Marshal.GetPInvokeErrorMessage)));
    }

    private static void None(IEnumerable<string> sentences) =>
        Assert.True(!sentences.Any(), string.Join('\n', sentences));

    private static IEnumerable<string> Places(string text) => Regex.Matches(text, @"\{\d").Select(place => place.Value).Order();

    [Theory]
    [InlineData("it is not heard any more", "ya no da señales")]
    [InlineData("'nas' did not dial within 4 s (3 times)", "«nas» no llamó en 4 s (3 veces)")]
    [InlineData(
        "The coordinator's record does not have the replica of nas 20261122T163305Z at a, which counts all the same: the run is over here", "El registro del coordinador no tiene la réplica de nas 20261122T163305Z en a, que cuenta igualmente: aquí la ejecución ha terminado")]
    [InlineData("without owners, exact times", "sin propietarios, fechas exactas")]
    [InlineData("can't reach 10.0.0.9:4054: Connection refused", "no se llega a 10.0.0.9:4054: conexión rechazada")]
    [InlineData("/srv/copies: No space left on device (pwrite, errno 28)",
        "/srv/copies: no queda espacio en el dispositivo (pwrite, errno 28)")]
    [InlineData("ROOT can't be written: /srv/copies: Permission denied (openat, errno 13); give a folder of this user.",
        "No se puede escribir en ROOT: /srv/copies: permiso denegado (openat, errno 13); da una carpeta de este "
        + "usuario.")]
    [InlineData(
        "The record of what was sent can't be written (No space left on device : '/var/a b'); the next run reads every file again", "No se puede apuntar lo enviado (no queda espacio en el dispositivo: «/var/a b»); la próxima ejecución leerá otra vez todos los ficheros")]
    [InlineData("Access to the path '/srv/x' is denied.", "no está permitido el acceso a «/srv/x».")]
    [InlineData(
        "the connection to 10.0.0.9:4054 was lost: Unable to read data from the transport connection: Connection reset "
        + "by peer.",
        "se perdió la conexión con 10.0.0.9:4054: no se puede recibir por la conexión: el otro lado cortó la "
        + "conexión.")]
    [InlineData("can't reach nas:4054: Connection refused [::1]:4054",
        "no se llega a nas:4054: conexión rechazada ([::1]:4054)")]
    [InlineData(
        "the coordinator's record can't be written: SQLite Error 13: 'database or disk is full'.; runs and events are "
        + "missing in it until it can; copies count all the same",
        "no se puede escribir el registro del coordinador: error 13 de SQLite: la base de datos o el disco están "
        + "llenos.; hasta que se pueda faltarán en él ejecuciones y sucesos; las copias cuentan igualmente")]
    [InlineData("rsync error: some files (12) were not transferred",
        "rsync error: some files (12) were not transferred")]
    [InlineData(
        "ROOT /srv/copies is in use by another destination (process 12); stop that one, or give another folder.",
            "ROOT /srv/copies: la usa otro destino (proceso 12); páralo, o da otra carpeta.")]
    [InlineData("--name: the name 'a b' has a character other than A-Z a-z 0-9 . _ -; for example: --name nas",
        "--name: el nombre 'a b' tiene un carácter que no es A-Z a-z 0-9 . _ -; por ejemplo: --name nas")]
    [InlineData("nas: its ROOT lies in SOURCE", "nas: su ROOT está dentro de SOURCE")]
    [InlineData("", "")]
    public void A_reason_is_told_in_the_pages_language(string reason, string spanish)
    {
        Assert.Equal(spanish, Reasons.Text(reason, Spanish));
        Assert.Equal(reason, Reasons.Text(reason, English));
    }

    [Theory]
    [InlineData("tree → nas (auto: one destination)", "tree → nas (auto: un destino)")]
    [InlineData(
        "tree → (nas → attic, office) (chain: asked for; office hangs below tree: its link from attic failed ('office' "
        + "did not dial within 4 s))",
        "tree → (nas → attic, office) (cadena: se ha pedido; office cuelga de tree: falló su enlace desde attic "
        + "(«office» no llamó en 4 s))")]
    [InlineData(
        "tree → (nas → attic, office) (chain: asked for; office hangs below tree: its link from attic failed (damaged "
        + "on the way: 'x'; what came does not have the SHA-256 that was said))",
        "tree → (nas → attic, office) (cadena: se ha pedido; office cuelga de tree: falló su enlace desde attic "
        + "(dañado por el camino: «x»; lo que llegó no tiene el SHA-256 anunciado))")]
    [InlineData("tree → (nas, attic) (as it was)", "tree → (nas, attic) (as it was)")]
    [InlineData("", "")]
    public void A_plan_is_told_in_the_pages_language(string plan, string spanish)
    {
        Assert.Equal(spanish, Reasons.Plan(plan, Spanish));
        Assert.Equal(plan, Reasons.Plan(plan, English));
    }

    [Fact]
    public void Each_kind_of_thing_that_may_be_lacking_has_its_word()
    {
        var all = Enum.GetValues<ReplicaLimits>().Aggregate(ReplicaLimits.None, (some, one) => some | one);

        Assert.Equal(ReasonTable.Kinds.Keys.Order(), new ReplicaShortfall(all, 0).ToString().Split(", ").Order());
    }
}
