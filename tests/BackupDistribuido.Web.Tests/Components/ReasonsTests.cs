using System.Net.Sockets;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Web.Components;
using BackupDistribuido.Web.Components.Parts;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class ReasonsTests
{
    private static readonly View Spanish = new(Language.Spanish, RenderedPage.Coordinator(SampleStatus.Nobody)), English = Spanish with { Language = Language.English };

    /// <summary>What lines that make a reason have in them.</summary>
    private static readonly string[] Makers =
    [
        " LinkException(", "CarrierRefusedException", "TellAsync(", "NodeException(", "new Warned(", "Refused(ErrorCode", "RefuseAsync(", ".Fail(ErrorCode", "Refuse(role", "Forget(role", "Receive<Leave>", "Receive<NodeEnded>",
        "state.Lost(", "state.Failed(", "state.Damaged(", "Failed(name", "Standing = MemberStanding.", "MemberLost(", " End(", "Without(", "RunsOfRecord(", "RunsAnswer(", "Report(\"", "Refuse(RootRefusal", "RootRefusedException(",
        "SourceRefusedException(", "=> $\"SOURCE", "InvalidDataException($\"{folder.SnapshotPath(_", "NotReached(", "new(ExitCode", "reason = ", "_failure = ", "why = confined", "var who = ", "Usage($\"the choices", "TimeoutException =>", "CommandFailure(ExitCode.Usage",
    ];

    /// <summary>Files whose every sentence is one.</summary>
    private static readonly string[] Whole =
    [
        "Planning.cs", "StartCondition.cs", "ShrinkGuard.cs", "RegistrationRules.cs", "CarrierGreeting.cs", "LinkFaults.cs", "SharedDisks.cs", "RootAbilities.cs", "OriginFolder.cs", "PageFolders.cs", "PageControl.cs",
        "SourceFolder.cs", "SecurityRule.cs", "NodeName.cs", "NodeAddress.cs", "Unreadable.cs",
    ];

    /// <summary>Files whose sentences no page of a node shows: of commands without one, for logs, and for makers of programs that break the protocol.</summary>
    private static readonly string[] Elsewhere = ["RefusedMessages.cs", "NodePages.cs", "CopyCommand.cs", "CoordinatorRecord.cs", "CommandHost.cs", "Confinement.cs", "LandlockedProcess.cs", "BdistCommand.cs"];

    /// <summary>Lines that make something for the log, or of a defect.</summary>
    private static readonly string[] NotShown = ["og.", "ArgumentException(", "InvalidOperationException("];

    private static readonly List<string> Made =
    [
        .. SourceTexts.Files.Where(file => !file.StartsWith("BackupDistribuido.Record/", StringComparison.Ordinal) && !Elsewhere.Contains(Path.GetFileName(file)))
            .SelectMany(file => SourceTexts.Of(file, line => (Whole.Contains(Path.GetFileName(file)) || Makers.Any(maker => line.Contains(maker, StringComparison.Ordinal))) && !NotShown.Any(part => line.Contains(part, StringComparison.Ordinal))))
            .Where(text => text.Trim().Contains(' ', StringComparison.Ordinal)).Distinct(),
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
        var sockets = Enum.GetValues<SocketError>().Select(error => new SocketException((int)error).Message).ToList();
        None(ReasonTable.Rows.Select(row => row.English).Where(english => !sockets.Exists(message => english.StartsWith(message, StringComparison.Ordinal))
            && !Made.Exists(text => Regex.IsMatch(text, $"^{Regex.Replace(Regex.Escape(english), @"\\\{\d}", ".*")}$"))));
        Assert.All(ReasonTable.Rows, row => Assert.Equal(Places(row.English), Places(row.Spanish)));
    }

    private static void None(IEnumerable<string> sentences) => Assert.True(!sentences.Any(), string.Join('\n', sentences));

    private static IEnumerable<string> Places(string text) => Regex.Matches(text, @"\{\d").Select(place => place.Value).Order();

    [Theory]
    [InlineData("it is not heard any more", "ya no da señales")]
    [InlineData("'nas' did not dial within 4 s (3 times)", "«nas» no llamó en 4 s (3 veces)")]
    [InlineData("its replica is stored, but does not count: the run is over here", "su réplica está guardada, pero no cuenta: aquí la ejecución ha terminado")]
    [InlineData("without owners, exact times", "sin propietarios, fechas exactas")]
    [InlineData("can't reach 10.0.0.9:4054: Connection refused", "no se llega a 10.0.0.9:4054: conexión rechazada")]
    [InlineData("/srv/copies: No space left on device (pwrite, errno 28)", "/srv/copies: No space left on device (pwrite, errno 28)")]
    [InlineData("ROOT /srv/copies is in use by another destination (process 12); stop that one, or give another folder.", "ROOT /srv/copies: la usa otro destino (proceso 12); páralo, o da otra carpeta.")]
    [InlineData("--name: the name 'a b' has a character other than A-Z a-z 0-9 . _ -; for example: --name nas", "--name: el nombre 'a b' tiene un carácter que no es A-Z a-z 0-9 . _ -; por ejemplo: --name nas")]
    [InlineData("nas: its ROOT lies in SOURCE", "nas: su ROOT está dentro de SOURCE")]
    [InlineData("", "")]
    public void A_reason_is_told_in_the_pages_language(string reason, string spanish)
    {
        Assert.Equal(spanish, Reasons.Text(reason, Spanish));
        Assert.Equal(reason, Reasons.Text(reason, English));
    }

    [Theory]
    [InlineData("tree → nas (auto: one destination)", "tree → nas (auto: un destino)")]
    [InlineData("tree → (nas → attic, office) (chain: asked for; office hangs below tree: its link from attic failed ('office' did not dial within 4 s))",
        "tree → (nas → attic, office) (cadena: se ha pedido; office cuelga de tree: falló su enlace desde attic («office» no llamó en 4 s))")]
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
