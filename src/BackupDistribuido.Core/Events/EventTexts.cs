using System.Text.Json;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Events;

/// <summary>Events as texts for people (<see cref="Texts"/>).</summary>
public static class EventTexts
{
    /// <summary>The event in one line, without a time; of one that is recalled the line that is known.</summary>
    public static string Of(NodeEvent happened, Language language) => happened is Recalled recalled ? recalled.Text
        : PhraseOf(happened) is { } phrase ? Texts.Of(phrase, language) : happened.ToString();

    /// <summary>Its text with its fields; null: it has none.</summary>
    internal static Phrase? PhraseOf(NodeEvent happened)
    {
        if (EventDescriptors.Of(happened) is not { } descriptor) return null;
        var fields = new TextFields();
        descriptor.Tell(happened, fields);
        return new Phrase(descriptor.TextOf(happened), [.. fields.Parts]);
    }

    private sealed class TextFields : IEventFields
    {
        public List<(string, PhrasePart)> Parts { get; } = new(8);

        public void Text(string name, ReasonValue value) => Parts.Add((name, value));

        public void Number(string name, long value) => Parts.Add((name, value));

        public void Number(string name, double value) => Parts.Add((name, value));

        public void Flag(string name, bool value) { }

        public void Reason(string name, Reason why) => Parts.Add((name, why));

        public void List(string name, IEnumerable<string> values) => Parts.Add((name, string.Join(", ", values)));

        public void Path(TreePath path) => Parts.Add(("path", path.ToString()));

        public void Whose(NodeName origin) => Parts.Add(("origin", origin.ToString()));

        public void ForText(string name, PhrasePart part) => Parts.Add((name, part));

        public void ForJson(Action<Utf8JsonWriter> write) { }
    }
}
