using System.CommandLine;
using BackupDistribuido.Cli.Configuration;

namespace BackupDistribuido.Cli.Commands;

/// <summary>A command under construction: settings become its arguments and options, and a parsed line becomes
/// <see cref="Flags"/>.</summary>
internal sealed class Symbols
{
    private readonly Command _command;
    private readonly Dictionary<Setting, Option> _options = [];
    private readonly Dictionary<Setting, Argument> _arguments = [];
    private readonly Option<string> _config =
        new("--config") { Description = "HOCON file that overrides the defaults", HelpName = "FILE.conf" };

    public Symbols(string name, string description) => _command = new Command(name, description);

    /// <summary>Adds an argument. It is optional, because a file can set it.</summary>
    public Symbols Argument(Setting setting)
    {
        Argument argument = setting.IsList
            ? new Argument<string[]>(setting.Flag!) { Arity = ArgumentArity.ZeroOrMore }
            : new Argument<string>(setting.Flag!) { Arity = ArgumentArity.ZeroOrOne };
        argument.Description = setting.Help;
        _arguments.Add(setting, argument);
        _command.Add(argument);
        return this;
    }

    /// <summary>Adds an argument with that name that means the same as the setting's option.</summary>
    public Symbols Argument(Setting setting, string name)
    {
        var argument = new Argument<string>(name) { Arity = ArgumentArity.ZeroOrOne, Description = setting.Help };
        _arguments.Add(setting, argument);
        _command.Add(argument);
        return this;
    }

    /// <summary>Adds options.</summary>
    public Symbols Options(params ReadOnlySpan<Setting> settings)
    {
        foreach (var setting in settings) Option(setting, setting.Help);
        return this;
    }

    /// <summary>Adds an option with a help text for this command.</summary>
    public Symbols Option(Setting setting, string help)
    {
        Option option = setting.IsSwitch ? new Option<bool>(setting.Flag!) { Arity = ArgumentArity.Zero }
            : setting.IsList ? new Option<string[]>(setting.Flag!) { HelpName = setting.ValueName }
            : new Option<string>(setting.Flag!)
            {
                HelpName = setting.ValueName,
                Arity = setting.Alone is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne
            };
        option.Description = help;
        _options.Add(setting, option);
        _command.Add(option);
        return this;
    }

    /// <summary>The command, with the options of all commands; <paramref name="run"/> gets the parsed line.</summary>
    public Command ToCommand(Func<Flags, Task<int>> run)
    {
        Options(Settings.Key, Settings.Insecure, Settings.Output, Settings.Files, Settings.LogLevel);
        _command.Add(_config);
        _command.SetAction((parsed, _) => run(Read(parsed)));
        return _command;
    }

    private Flags Read(ParseResult parsed)
    {
        var single = new Dictionary<Setting, string?>();
        var lists = new Dictionary<Setting, IReadOnlyList<string>>();
        foreach (var (setting, option) in _options)
        {
            if (parsed.GetResult(option) is null or { Implicit: true }) continue;
            if (option is Option<string[]> list) lists.Add(setting, parsed.GetValue(list) ?? []);
            else single.Add(setting,
                option is Option<string> text ? parsed.GetValue(text) ?? setting.Alone ?? "" : "true");
        }
        foreach (var (setting, argument) in _arguments)
        {
            if (argument is Argument<string[]> list && parsed.GetValue(list) is { Length: > 0 } many)
                lists.Add(setting, many);
            if (argument is Argument<string> one && parsed.GetValue(one) is { } text) single[setting] = text;
        }
        return new Flags(parsed.GetValue(_config), single, lists);
    }
}
