namespace BackupDistribuido.Cli.Configuration;

/// <summary>What both an origin and a copy can be told about the tree.</summary>
internal sealed record TreeSettings(ListSetting Exclude, ListSetting ExcludeFrom,
    Setting<bool> OneFileSystem, Setting<bool> AllowShrink, Setting<int> MaxShrinkPercent,
    Setting<bool> Checksum, Setting<string> RecordFolder)
{
    /// <summary>The settings below a section.</summary>
    public static TreeSettings Below(string section) => new(
        new($"{section}.exclude", "--exclude", ValueKind.Pattern,
            "leave out what this .gitignore pattern matches; may be given several times", "PATTERN"),
        new($"{section}.exclude-from", "--exclude-from", ValueKind.File with { Example = "/etc/bdist/exclude" },
            "patterns from a file, one a line; may be given several times", "FILE"),
        new($"{section}.one-file-system", "--one-file-system", ValueKind.Switch,
            "don't enter what is mounted below SOURCE"),
        new($"{section}.allow-shrink", "--allow-shrink", ValueKind.Switch,
            "copy a tree that is empty, or far smaller than its last snapshot, all the same"),
        new($"{section}.max-shrink-percent", null, ValueKind.Number(0, 100)),
        new($"{section}.checksum", "--checksum", ValueKind.Switch,
            "read and compare all content, here and at the destinations, instead of trusting sizes and times"),
        new($"{section}.record-folder", null, ValueKind.Folder));

    /// <summary>Those that have a flag.</summary>
    public Setting[] Flags => [Exclude, ExcludeFrom, OneFileSystem, AllowShrink, Checksum];

    /// <summary>All of them.</summary>
    public Setting[] All => [.. Flags, MaxShrinkPercent, RecordFolder];
}
