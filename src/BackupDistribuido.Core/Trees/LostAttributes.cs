namespace BackupDistribuido.Core.Trees;

/// <summary>Extended attributes of an entry that are not in its snapshot.</summary>
/// <param name="Path">The entry.</param>
/// <param name="Names">Their names for people, some of them where they are many; empty: not even their names can be
/// read.</param>
public readonly record struct LostAttributes(TreePath Path, string Names);
