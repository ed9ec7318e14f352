using System.Collections;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Delivery.Progress;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Replicas;
using BackupDistribuido.Core.Status;

namespace BackupDistribuido.Core.Tests.Reasons;

public sealed partial class TextsTests
{
    public static TheoryData<string> Names => [.. All(Language.English).Keys];

    [Fact]
    public void Both_files_have_the_same_names() =>
        Assert.Equal(All(Language.English).Keys.Order(), All(Language.Spanish).Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_has_the_same_parameters_in_both_languages(string name)
    {
        var (english, spanish) = (All(Language.English)[name], All(Language.Spanish)[name]);

        Assert.Equal(Places(english).Distinct().Order(), Places(spanish).Distinct().Order());
        Assert.Equal(english.Count(c => c == '{'), Place().Count(english));
        Assert.Equal(spanish.Count(c => c == '{'), Place().Count(spanish));
    }

    [Fact]
    public void Each_word_for_a_value_is_there_and_no_text_is_left_over()
    {
        string[] known =
        [
            .. Enum.GetValues<NodeRole>().Select(one => $"role.{one.Code()}"),
            .. Enum.GetValues<RunOutcome>().SelectMany(one => new[] { $"outcome.{one.Code()}", $"verdict.{one.Code()}" }),
            .. Enum.GetValues<RunPhase>().Select(one => $"run-phase.{one.Code()}"),
            .. Enum.GetValues<EntryFault>().Select(one => $"fault.{EntryFaults.Spell(one)}"),
            .. new[] { "begun", "ending", "lost", "none", "over", "to" }.Select(one => $"connection.{one}"),
            .. new[] { "choose", "copying", "end", "failed", "not-connected", "nothing-is-sent", "paused", "plan",
                "starts", "storing", "waiting" }.Select(one => $"result.{one}"),
            .. Enum.GetValues<MemberStanding>().Select(one => $"copy-state.{one.Code()}"),
            .. Enum.GetValues<Standing>().Select(one => $"standing.{StandingWords.Code(one)}"),
            .. Enum.GetValues<StandingReason>().Select(one => $"standing-reason.{StandingWords.Code(one)}"),
            .. new[] { "star", "chain", "relay", "tree" }.Select(one => $"topology.{one}"),
            "cell.has", "cell.lacks", "cell.unsaid", "login.wait", "login.wrong", "safety.no-run", "safety.one-run",
            "safety.runs", "outcome.unheard", "port.control", "port.data", "standing-reason.why", "unit.days",
        ];
        // Those have tests of their own: reasons, events, what the system says, and phrases of runs and headlines.
        var others = typeof(LinkReason).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(LinkReason).Namespace)
            .Select(type => type.Name.Replace("Reason", "", StringComparison.Ordinal).ToLowerInvariant())
            .Concat(["event", "foreign", "kind", "work", "progress", "headline"]).ToHashSet();

        Assert.Equal(known.Order(),
            All(Language.English).Keys.Where(name => !others.Contains(name.Split('.')[0])).Order());
    }

    [Theory]
    [InlineData("bytes", "1536", "1.5 KiB", "1,5 KiB")]
    [InlineData("number", "50000", "50,000", "50.000")]
    [InlineData("seconds", "0.25", "0.3", "0,3")]
    [InlineData("span", "200", "3 min 20 s", "3 min 20 s")]
    [InlineData("span", "4.25", "4.3 s", "4,3 s")]
    [InlineData("ago", "259200", "3 days", "3 días")]
    [InlineData("ago", "-5", "0.0 s", "0,0 s")]
    [InlineData("role", "origin", "origin", "origen")]
    [InlineData("role", "of another version", "of another version", "of another version")]
    [InlineData("one|copy|copies", "1", "copy", "copy")]
    public void A_value_is_shown_as_its_language_has_it(string format, string value, string english, string spanish) =>
        Assert.Equal((english, spanish), (Texts.Shown(value, format, Language.English, 0),
            Texts.Shown(value, format, Language.Spanish, 0)));

    [Fact]
    public void A_phrase_may_have_others_in_it()
    {
        var phrase = new Phrase("unit.days", ("days", new Phrase("role.origin")));

        Assert.StartsWith("origen ", Texts.Of(phrase, Language.Spanish), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Places(string template) =>
        Place().Matches(template).Select(place => Texts.Place(place.Groups[1].Value).Name);

    private static Dictionary<string, string> All(Language language) =>
        Texts.All(language).Cast<DictionaryEntry>().ToDictionary(one => (string)one.Key, one => (string)one.Value!);

    [GeneratedRegex(@"\{([^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
