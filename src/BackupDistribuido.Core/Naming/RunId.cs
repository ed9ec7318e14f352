using System.Security.Cryptography;

namespace BackupDistribuido.Core.Naming;

/// <summary>Names one run: 16 lower-case hex digits, random.</summary>
public readonly record struct RunId
{
    /// <summary>Hex digits of a run's id.</summary>
    public const int TextLength = 16;

    private readonly string? _text;

    private RunId(string text) => _text = text;

    /// <summary>A new one.</summary>
    public static RunId New() => new(RandomNumberGenerator.GetHexString(TextLength, lowercase: true));

    /// <summary>Parses the text; false for anything else.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        var ok = text is { Length: TextLength } && text.All(c => char.IsAsciiHexDigitLower(c));
        id = ok ? new RunId(text!) : default;
        return ok;
    }

    /// <summary>Parses the text.</summary>
    /// <exception cref="FormatException">It is not a run's id.</exception>
    public static RunId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no run id");

    /// <summary>The id of its snapshot, of that second: its own first digits are the mark.</summary>
    public SnapshotId Mark(SnapshotId id) => id.Marked(ToString()[..SnapshotId.MarkLength]);

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("A default RunId names no run.");
}
