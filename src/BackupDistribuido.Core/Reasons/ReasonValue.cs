using System.Globalization;
using System.Net;

namespace BackupDistribuido.Core.Reasons;

/// <summary>
/// The value of a reason's parameter: a foreign text (a path, a name, a program's output), a number, a duration in
/// seconds, or another reason. Names, addresses and the like convert themselves.
/// </summary>
public readonly record struct ReasonValue(string Text)
{
    /// <summary>Text that is not ours.</summary>
    public static implicit operator ReasonValue(string text) => new(text);

    /// <summary>A number.</summary>
    public static implicit operator ReasonValue(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A span of time, as seconds.</summary>
    public static implicit operator ReasonValue(TimeSpan span) =>
        new(span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));

    /// <summary>Where a connection leads.</summary>
    public static implicit operator ReasonValue(EndPoint address) => new(address.ToString() ?? "");

    /// <summary>Another reason.</summary>
    public static implicit operator ReasonValue(Reason why) => new(why.Encode());
}
