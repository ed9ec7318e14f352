using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Naming;

/// <summary>A run's attempt number, from 1. Every new plan of a run opens the next one; what an older one still says is
/// ignored.</summary>
public readonly record struct Epoch(long Number) : IComparable<Epoch>
{
    /// <summary>As a part of a reason.</summary>
    public static implicit operator ReasonValue(Epoch value) => value.ToString();

    /// <summary>Largest epoch on the wire.</summary>
    public const long Max = 999_999_999;

    /// <summary>The epoch before the first plan.</summary>
    public static Epoch None => default;

    /// <summary>The one after this.</summary>
    public Epoch Next() => new(Number + 1);

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Number.CompareTo(other.Number);

    /// <summary>Older than.</summary>
    public static bool operator <(Epoch a, Epoch b) => a.Number < b.Number;

    /// <summary>Newer than.</summary>
    public static bool operator >(Epoch a, Epoch b) => a.Number > b.Number;

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
