namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>The needs of one manifest page.</summary>
public readonly record struct PageNeeds(int Page, NeedSet Needs);
