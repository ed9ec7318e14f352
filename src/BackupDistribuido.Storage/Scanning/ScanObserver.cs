using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Scanning;

/// <summary>What a scan reports in addition to its entries.</summary>
/// <param name="AttributesLost">An entry whose extended attributes can't be read, or are too many: it comes without
/// those.</param>
/// <param name="Repeated">An entry whose directory lists it more than once: it comes once.</param>
public sealed record ScanObserver(Action<LostAttributes> AttributesLost, Action<TreePath> Repeated);
