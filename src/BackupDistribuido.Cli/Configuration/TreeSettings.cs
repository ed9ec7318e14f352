namespace BackupDistribuido.Cli.Configuration;

/// <summary>What both an origin and a copy can be told about the tree.</summary>
internal sealed record TreeSettings(ListSetting Exclude, ListSetting ExcludeFrom,
    Setting<bool> OneFileSystem, Setting<bool> AllowShrink, Setting<int> MaxShrinkPercent,
    Setting<bool> Checksum, Setting<string> RecordFolder)
{
    /// <summary>The settings below a section.</summary>
    public static TreeSettings Below(string section) => new(
        new($"{section}.exclude", "--exclude", ValueKind.Pattern,
            "exclude what this .gitignore pattern matches (repeatable)", "PATTERN"),
        new($"{section}.exclude-from", "--exclude-from", ValueKind.File with { Example = "/etc/bdist/exclude" },
            "read patterns from a file, one per line (repeatable)", "FILE"),
        new($"{section}.one-file-system", "--one-file-system", ValueKind.Switch,
            "do not cross mount points below SOURCE"),
        new($"{section}.allow-shrink", "--allow-shrink", ValueKind.Switch,
            "copy even a tree that is empty or much smaller than its last snapshot"),
        new($"{section}.max-shrink-percent", null, ValueKind.Number(0, 100)),
        new($"{section}.checksum", "--checksum", ValueKind.Switch,
            "read and compare all content, here and at the destinations; do not trust sizes and times"),
        new($"{section}.record-folder", null, ValueKind.Folder));

    /// <summary>Those that have a flag.</summary>
    public Setting[] Flags => [Exclude, ExcludeFrom, OneFileSystem, AllowShrink, Checksum];

    /// <summary>All of them.</summary>
    public Setting[] All => [.. Flags, MaxShrinkPercent, RecordFolder];
}
