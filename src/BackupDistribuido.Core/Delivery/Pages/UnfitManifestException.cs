using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>
/// What a receiver has of the manifest is not the parent's: a page that it has already was announced with other
/// entries, or the seal is of other lines. One of its own pages is wrong, and nothing tells which: only another
/// beginning from the first page helps.
/// </summary>
public sealed class UnfitManifestException(ErrorCode code, string text) : ProtocolException(code, text);
