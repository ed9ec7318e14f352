using BackupDistribuido.Core.Membership;

namespace BackupDistribuido.Cli.Commands;

/// <summary>Names of nodes whose owner gave none.</summary>
internal static class DefaultName
{
    /// <summary>HOST-FOLDER, with the last folder of a path.</summary>
    public static NodeName Of(string host, string path) => NodeName.Nearest($"{host}-{Path.GetFileName(path.TrimEnd('/'))}");

    /// <summary>
    /// In a copy, the destinations' paths as they were given, the end of a long one; where two give the same name (<c>a/b</c>, <c>a-b</c>) the later gets a number.
    /// </summary>
    public static IReadOnlyList<NodeName> OfPaths(IReadOnlyList<string> paths)
    {
        var names = new List<NodeName>();
        foreach (var path in paths)
        {
            var text = path.TrimEnd('/');
            var name = NodeName.Nearest(text[Math.Max(0, text.Length - NodeName.MaxLength)..]);
            for (var number = 2; names.Contains(name); number++)
            {
                var suffix = FormattableString.Invariant($"-{number}");
                name = NodeName.Nearest(text[Math.Max(0, text.Length - NodeName.MaxLength + suffix.Length)..] + suffix);
            }
            names.Add(name);
        }
        return names;
    }
}
