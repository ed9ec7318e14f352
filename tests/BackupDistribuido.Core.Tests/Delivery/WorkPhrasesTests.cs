using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Tests;

namespace BackupDistribuido.Core.Tests.Delivery;

/// <summary>What a run takes, how far it is and how it stands, in words of each language.</summary>
public sealed class WorkPhrasesTests
{
    private static readonly RunSummary Worked = Happenings.Worked();
    private static readonly SourceWork Source = Worked.Source!;

    public static TheoryData<Phrase, string, string> Phrases => new()
    {
        { WorkPhrases.Source(Source),
            "files: 1 new, 2 changed, 3 metadata only, 4 unchanged, 5 removed, since 20261121T163305Z; 7.0 KiB read",
            "ficheros: 1 nuevo, 2 cambiados, 3 solo metadatos, 4 sin cambios, 5 eliminados, desde 20261121T163305Z; "
            + "7,0 KiB leídos" },
        { WorkPhrases.Source(Source with { Changes = null, IsFirst = true }),
            "files: all new (first run); 7.0 KiB read",
            "ficheros: todos nuevos (primera ejecución); 7,0 KiB leídos" },
        { WorkPhrases.Source(Source with { Changes = null }),
            "files: changes unknown, because the origin's machine has no record of the previous run; 7.0 KiB "
            + "read",
            "ficheros: cambios desconocidos, porque la máquina del origen no tiene registro de la ejecución "
            + "anterior; 7,0 KiB leídos" },
        { WorkPhrases.Destination(Worked.Destinations[0], Happenings.Time, _ => "3 d"),
            "12 received, 49,988 linked, last read 3 d ago; 1.0 KiB sent",
            "12 recibidos, 49.988 enlazados, leídos por última vez hace 3 d; 1,0 KiB enviados" },
        { WorkPhrases.Destination(Worked.Destinations[1], Happenings.Time, _ => "3 d"),
            "12 received, 12 linked, last read at an unknown time; 5.0 KiB sent",
            "12 recibidos, 12 enlazados, leídos por última vez en fecha desconocida; 5,0 KiB enviados" },
        { WorkPhrases.Destination(Worked.Destinations[0] with { Intake = null }, Happenings.Time, _ => ""),
            "1.0 KiB sent", "1,0 KiB enviados" },
        { ProgressPhrases.Wait(new RunWait([Happenings.A], 24), seconds => $"{seconds} s"),
            "waits for disk-a, 24 s left", "espera a disk-a, quedan 24 s" },
        { ProgressPhrases.Wait(new RunWait([], null), _ => ""), "waits for more destinations", "espera más destinos" },
    };

    [Theory]
    [MemberData(nameof(Phrases))]
    public void Each_is_told_in_both_languages(Phrase phrase, string english, string spanish)
    {
        Assert.Equal(english, phrase.ToString());
        Assert.Equal(spanish, Texts.Of(phrase, Language.Spanish));
    }

    [Fact]
    public void Of_changes_only_those_are_told_that_there_are() =>
        Assert.Equal(["1 new", "3 metadata only"],
            WorkPhrases.Each(Source.Changes! with { Changed = 0, Removed = 0 }).Select(one => one.ToString()));

    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Spanish)]
    public void Each_reason_of_a_standing_is_a_sentence(Language language)
    {
        var last = new PastRun(Happenings.Time, PastOutcome.AtRisk, Happenings.Snapshot, 1, 2, Reason.Text("why"));
        var newest = new SnapshotStatus(Happenings.Origin, Happenings.Snapshot, 1, 2,
            NewestProtected: Happenings.Snapshot, Disks: 1);
        var standing = new OriginStanding(Happenings.Origin, Standing.AtRisk, newest, last, null, 2,
            Enum.GetValues<StandingReason>());
        var sentences = StandingWords.Sentences(standing, Happenings.Time, _ => "3 d", language).ToList();

        Assert.Equal(standing.Reasons.Count, sentences.Distinct().Count());
        Assert.All(sentences, sentence => Assert.DoesNotMatch("[{}…]|standing-reason", sentence));
    }
}
