using System.Collections;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Tests;

namespace BackupDistribuido.Core.Tests.Events;

/// <summary>All that is said of an event goes by its descriptor.</summary>
public sealed partial class EventDescriptorTests
{
    [Fact]
    public void Each_event_has_one()
    {
        // Progress is for who watches, and what is recalled has the descriptor of its kind.
        var types = typeof(NodeEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(NodeEvent))
            && !type.IsAbstract && !type.IsSubclassOf(typeof(ProgressEvent)) && type != typeof(Recalled));

        Assert.Equal(types.OrderBy(type => type.Name),
            EventDescriptors.All.Select(one => one.Type).OrderBy(type => type.Name));
        Assert.Equal(EventDescriptors.All.Count, EventDescriptors.All.Select(one => one.Name).Distinct().Count());
        Assert.All(EventDescriptors.All, one => Assert.Matches("^[a-z]+(-[a-z]+)*$", one.Name));
    }

    [Fact]
    public void Each_event_is_tried_here() =>
        Assert.Equal(EventDescriptors.All.Select(one => one.Type).OrderBy(type => type.Name),
            Happenings.Each.Select(one => one.GetType()).Distinct().OrderBy(type => type.Name));

    [Fact]
    public void Each_has_a_text_for_each_form_in_each_language_and_no_text_is_left_over()
    {
        var used = Happenings.Each.SelectMany(one => Names(EventTexts.PhraseOf(one)!)).Distinct().Order().ToList();

        foreach (var language in Enum.GetValues<Language>())
        {
            var texts = Texts.All(language).Cast<DictionaryEntry>().Select(one => (string)one.Key)
                .Where(name => name.StartsWith("event.", StringComparison.Ordinal));
            Assert.Equal(texts.Order(), used);
            Assert.All(Happenings.Each, one => Assert.DoesNotMatch("[{}…]", EventTexts.Of(one, language)));
        }
    }

    [Fact]
    public void Words_in_texts_are_there_in_each_language()
    {
        string[] words = [.. Enum.GetValues<NodeRole>().Select(role => $"role.{role.Code()}"),
            "port.control", "port.data", "topology.star", "topology.chain", "topology.relay", "topology.tree",
            "verdict.protected", "verdict.at-risk", "verdict.failed"];

        Assert.All(words, word => Assert.NotNull(Texts.Template(word, Language.English)));
        Assert.All(words, word => Assert.NotNull(Texts.Template(word, Language.Spanish)));
    }

    [Fact]
    public void A_text_in_another_language_is_another() =>
        Assert.All(Happenings.Each,
            one => Assert.NotEqual(EventTexts.Of(one, Language.English), EventTexts.Of(one, Language.Spanish)));

    [Fact]
    public void What_a_text_names_is_told_by_the_event()
    {
        foreach (var happened in Happenings.Each)
        {
            var phrase = EventTexts.PhraseOf(happened)!;
            var places = Place().Matches(Texts.Template(phrase.Name, Language.English)!)
                .Select(place => Texts.Place(place.Groups[1].Value).Name).Distinct();
            Assert.Empty(places.Except(phrase.Parts));
        }
    }

    [Fact]
    public void A_page_tells_it_in_its_readers_language()
    {
        Assert.Equal("destino disk-a se ha desconectado: gone; 2 destinos conectados",
            EventTexts.Of(new NodeLeft(NodeRole.Destination, Happenings.A, Reason.Text("gone"), 2), Language.Spanish));
        Assert.Equal("PROTEGIDA 2/2, 1 disco: instantánea 20261122T163305Z, 10 ficheros, 1,5 MiB en 1 min 15 s",
            EventTexts.Of(Happenings.Finished(disks: 1), Language.Spanish));
    }

    [Fact]
    public void What_is_recalled_is_as_bad_as_its_kind_and_a_kind_that_is_not_known_is_plain()
    {
        Assert.Equal(Severity.Bad, EventDescriptors.SeverityOf(new Recalled("at-risk", "at risk: laptop")));
        Assert.Equal(Severity.Plain, EventDescriptors.SeverityOf(new Recalled("disk-on-fire", "{}")));
        Assert.Equal("at risk: laptop", EventTexts.Of(new Recalled("at-risk", "at risk: laptop"), Language.Spanish));
    }

    [Fact]
    public void What_is_secret_or_concerns_one_file_is_not_kept() =>
        Assert.Equal(["file-stored", "pages"],
            EventDescriptors.All.Where(one => !one.IsKept).Select(one => one.Name).Order());

    private static IEnumerable<string> Names(Phrase phrase) =>
        phrase.Parts.Select(phrase.Find).Select(part => part!.Value.Inner).OfType<Phrase>().SelectMany(Names)
            .Append(phrase.Name);

    [GeneratedRegex(@"\{([^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
