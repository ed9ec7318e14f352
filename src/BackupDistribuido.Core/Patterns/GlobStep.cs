using System.Buffers;

namespace BackupDistribuido.Core.Patterns;

/// <summary>The kind of a step of a <see cref="Glob"/>.</summary>
internal enum GlobStepKind : byte
{
    /// <summary>One certain byte.</summary>
    Literal,
    /// <summary><c>?</c> or <c>[…]</c>: one byte of a set, which never has <c>/</c>.</summary>
    OneOf,
    /// <summary><c>*</c>: any bytes but <c>/</c>, also none.</summary>
    Star,
    /// <summary><c>**</c> at the end (or before an escaped <c>/</c>): any bytes, also none.</summary>
    Everything,
    /// <summary><c>**/</c> at the beginning or behind a <c>/</c>: any number of directories, also none, with their
    /// slashes.</summary>
    Directories,
}

/// <summary>One step of a <see cref="Glob"/>. <paramref name="Byte"/> is a literal's, <paramref name="Set"/> is there
/// for <see cref="GlobStepKind.OneOf"/>.</summary>
internal readonly record struct GlobStep(GlobStepKind Kind, byte Byte = 0, SearchValues<byte>? Set = null)
{
    /// <summary>True where a step of one byte takes this one.</summary>
    public bool Takes(byte value) => Kind == GlobStepKind.Literal ? value == Byte : Set!.Contains(value);
}
