using System.Globalization;

namespace BackupDistribuido.Core.Reasons;

/// <summary>
/// A text of the resource files by its name, with its parts by name. It becomes text only for a reader, in the reader's
/// language (<see cref="Texts"/>).
/// </summary>
public sealed class Phrase(string name, params ReadOnlySpan<(string Name, PhrasePart Part)> parts)
{
    private readonly (string Name, PhrasePart Part)[] _parts = parts.ToArray();

    /// <summary>The text's name in the resource files.</summary>
    public string Name { get; } = name;

    /// <summary>The names of its parts.</summary>
    public IEnumerable<string> Parts => _parts.Select(part => part.Name);

    /// <summary>The part with that name; null: none.</summary>
    internal PhrasePart? Find(string name)
    {
        foreach (var (known, part) in _parts)
            if (known == name) return part;
        return null;
    }

    /// <summary>In English, as the command line and logs have it.</summary>
    public override string ToString() => Texts.Of(this, Language.English);
}

/// <summary>A part of a phrase: a value, written as in a reason, or another phrase.</summary>
public readonly record struct PhrasePart(string Value, Phrase? Inner = null)
{
    /// <summary>Text that is the same in each language.</summary>
    public static implicit operator PhrasePart(string text) => new(text);

    /// <summary>A number.</summary>
    public static implicit operator PhrasePart(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public static implicit operator PhrasePart(double number) =>
        new(number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A value as a reason has it.</summary>
    public static implicit operator PhrasePart(ReasonValue value) => new(value.Text);

    /// <summary>A reason.</summary>
    public static implicit operator PhrasePart(Reason why) => new(why.Encode());

    /// <summary>Another phrase; null: none.</summary>
    public static implicit operator PhrasePart(Phrase? inner) => new("", inner);
}
