namespace BackupDistribuido.Storage.Layout;

/// <summary>How a ROOT is opened.</summary>
/// <param name="Adopt">Use a folder that has content that is not ours; it is left alone.</param>
/// <param name="RequireMount">
/// Refuse a ROOT that lies on the file system or mount of <c>/</c>: the place of an external disk that is not plugged
/// in.
/// </param>
public sealed record RootOptions(bool Adopt = false, bool RequireMount = false);
