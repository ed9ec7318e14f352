using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Web.Control;

namespace BackupDistribuido.Hosting.Control;

/// <summary>The folders that a page may look into and choose: those below the configured roots, whichever links lead
/// there. Only names of folders are ever told.</summary>
/// <param name="roots">Full paths.</param>
public sealed class PageFolders(IReadOnlyList<string> roots)
{
    private readonly List<string> _roots =
        [.. roots.Where(Directory.Exists).Select(Machine.RealPath).Distinct(StringComparer.Ordinal)];

    /// <summary>The roots where none are configured: the user's home and where disks are mounted.</summary>
    public static IReadOnlyList<string> Usual =>
        [Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "/mnt", "/media", "/srv"];

    /// <summary>Looks into a folder; null: names the roots.</summary>
    public FolderListing Browse(string? folder)
    {
        if (folder is null) return new FolderListing(null, null, _roots);
        if (!Contains(folder)) return new FolderListing(null, null, _roots, SettingReason.FolderNotShown(folder));
        var real = Machine.RealPath(folder);
        var parent = _roots.Contains(real) ? null : Path.GetDirectoryName(real);
        try
        {
            return new FolderListing(real, parent,
                [.. Directory.EnumerateDirectories(real).Take(FolderListing.Most).Order(StringComparer.Ordinal)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FolderListing(real, parent, [], Reason.Of(e));
        }
    }

    /// <summary>Whether a folder lies in a root, or would where it does not exist yet.</summary>
    public bool Contains(string folder)
    {
        if (!Path.IsPathRooted(folder)) return false;
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above) existing = above;
        var real = Machine.RealPath(existing).TrimEnd('/') + '/';
        return _roots.Exists(root => real.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal));
    }
}
