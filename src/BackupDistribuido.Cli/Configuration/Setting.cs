using BackupDistribuido.Core.Exits;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Hosting;

namespace BackupDistribuido.Cli.Configuration;

/// <summary>One thing that can be set: by a HOCON key below <c>backup</c>, and mostly by a flag too.</summary>
internal abstract class Setting(string key, string? flag, string help, string? valueName)
{
    /// <summary>Full path of the HOCON key, <c>backup.origin.copies</c>.</summary>
    public string Key { get; } = key;

    /// <summary>The flag with its dashes or an argument's name; null: only a file can set it.</summary>
    public string? Flag { get; } = flag;

    /// <summary>What <c>--help</c> says.</summary>
    public string Help { get; } = help;

    /// <summary>How <c>--help</c> calls the value.</summary>
    public string? ValueName { get; } = valueName;

    /// <summary>A right value.</summary>
    public abstract string Example { get; }

    /// <summary>True where the flag stands alone, without a value.</summary>
    public abstract bool IsSwitch { get; }

    /// <summary>The value of the flag when it is given alone; null: it needs a value.</summary>
    public virtual string? Alone => null;

    /// <summary>True where the HOCON value is an array.</summary>
    public virtual bool IsList => false;

    /// <summary>How messages tell users to set it.</summary>
    public string HowToSet =>
        Flag is null
            ? $"set {Key}"
            : $"give {Flag}{(ValueName is null ? "" : " " + ValueName)} or set {Key} in a file for --config";

    /// <summary>
    /// Fails as every reading does if <paramref name="text"/>, found at <paramref name="where"/>, is not a value of
    /// this setting.
    /// </summary>
    public abstract void Check(string text, string where);
}

/// <summary>A setting with one value.</summary>
internal class Setting<T>(string key, string? flag, ValueKind<T> kind, string help = "", string? valueName = null)
    : Setting(key, flag, help, valueName)
{
    /// <inheritdoc/>
    public override bool IsSwitch => typeof(T) == typeof(bool);

    /// <inheritdoc/>
    public override string Example => kind.Example;

    /// <summary>The value of a text that was found at <paramref name="where"/>.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public T Parse(string text, string where)
    {
        try
        {
            return kind.Parse(text);
        }
        catch (FormatException e)
        {
            // Parsers that give no reason throw the bare exception.
            var why = e is IReasoned reasoned ? reasoned.Reason
                : Reason.Text(e.Message.Contains(text, StringComparison.Ordinal) && text.Length > 0
                    ? e.Message : $"'{text}' is not {kind.Expected}");
            var example = where == Flag ? $"{Flag} {kind.Example}" : $"{Key} = \"{kind.Example}\"";
            throw new CommandFailure(ExitCode.Usage, SettingReason.Invalid(where, why, example), e);
        }
    }

    /// <inheritdoc/>
    public override void Check(string text, string where) => Parse(text, where);
}

/// <summary>A setting whose flag may stand alone.</summary>
internal sealed class LooseSetting<T>(
    string key, string flag, string alone, ValueKind<T> kind, string help, string valueName)
        : Setting<T>(key, flag, kind, help, valueName)
{
    /// <inheritdoc/>
    public override string? Alone => alone;
}

/// <summary>A setting with any number of values: an argument or a flag that may be given again and again.</summary>
internal sealed class ListSetting(string key, string? flag, ValueKind<string> kind, string help = "",
    string? valueName = null)
    : Setting<string>(key, flag, kind, help, valueName)
{
    /// <inheritdoc/>
    public override bool IsList => true;
}
