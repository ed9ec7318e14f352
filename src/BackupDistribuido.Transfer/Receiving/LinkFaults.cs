using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Transfer.Receiving;

/// <summary>What a link brought that is of no use. The link goes on for the rest; before it would end well it fails,
/// and the next one is asked for these files again.</summary>
internal sealed class LinkFaults
{
    private long _spoiled, _outdated, _damaged;
    private TreePath? _firstDamaged;

    /// <summary>A file that seemed unchanged is not.</summary>
    public void Outdated() => _outdated++;

    /// <summary>A file's content does not have its digest.</summary>
    public void Damaged(TreePath path)
    {
        _damaged++;
        _firstDamaged ??= path;
    }

    /// <summary>The origin could not send a file as it was.</summary>
    public void Spoiled() => _spoiled++;

    /// <summary>Nothing when there was none.</summary>
    /// <exception cref="ProtocolException">There was; the message says what.</exception>
    public void Check()
    {
        if (_outdated > 0) throw new ProtocolException(ErrorCode.Digest, LinkReason.Outdated(_outdated));
        if (_damaged > 0) throw new ProtocolException(ErrorCode.Digest, _damaged > 1
            ? LinkReason.DamagedFiles(_firstDamaged!.Value, _damaged - 1)
            : LinkReason.DamagedFile(_firstDamaged!.Value));
        if (_spoiled > 0) throw new ProtocolException(ErrorCode.Digest, LinkReason.Spoiled(_spoiled));
    }
}
