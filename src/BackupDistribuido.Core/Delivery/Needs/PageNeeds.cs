namespace BackupDistribuido.Core.Delivery.Needs;

/// <summary>What is lacked of one manifest page.</summary>
public readonly record struct PageNeeds(int Page, NeedSet Needs);
