using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Peers;

/// <summary>
/// The other side of a connection, as far as the handshake has proven it. It is made once, at the end of the handshake,
/// and everything that judges a sender gets it. Null values are unknown to the handshake: only for these the peer's own
/// claim counts.
/// </summary>
/// <param name="Key">
/// SHA-256 of the certificate whose private key it has shown to have; null: the connection is plain. Peers with the
/// cluster's one key all have the same.
/// </param>
/// <param name="Role">The role in the certificate.</param>
/// <param name="Name">The name in the certificate.</param>
/// <param name="Identity">The identity in the certificate: an origin's, or a ROOT's.</param>
public sealed record AuthenticatedPeer(
    Sha256Digest? Key, NodeRole? Role = null, NodeName? Name = null, string? Identity = null)
{
    /// <summary>An anonymous peer on a plain connection.</summary>
    public static AuthenticatedPeer Unknown { get; } = new((Sha256Digest?)null);

    /// <summary>Why this peer is not the sender that a message names; null: nothing contradicts it.</summary>
    public Reason? WhyNot(NodeName name) =>
        Name is { } own && own != name ? RegistrationReason.CertificateOfOther(own) : null;

    /// <summary>Like <see cref="WhyNot(NodeName)"/>, for a node that gives all of its claims.</summary>
    public Reason? WhyNot(NodeRole role, NodeIdentity node)
    {
        if (WhyNot(node.Name) is { } other) return other;
        if (Role is { } own && own != role) return RegistrationReason.CertificateForOtherRole;
        return Identity is { } identity && identity != node.Identity
            ? RegistrationReason.CertificateOfOtherIdentity : null;
    }
}
