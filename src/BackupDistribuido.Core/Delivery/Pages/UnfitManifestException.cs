using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Delivery.Pages;

/// <summary>
/// The receiver's part of the manifest is not the parent's: a page that it has already was announced with other
/// entries, or the seal is of other lines. One of its own pages is wrong, and it is unknown which: only starting again
/// from the first page helps.
/// </summary>
public sealed class UnfitManifestException(ErrorCode code, string text) : ProtocolException(code, text);
