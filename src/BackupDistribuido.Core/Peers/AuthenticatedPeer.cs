using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Peers;

/// <summary>
/// The other side of a connection, as far as the handshake has shown it. It is made once, where the handshake ends, and
/// everything that is judged by its sender gets it. What is null the handshake does not know: only there does a claim
/// of the peer's own stand.
/// </summary>
/// <param name="Key">
/// SHA-256 of the certificate whose private key it has shown to have; null: the connection is plain. Peers with the
/// cluster's one key all have the same.
/// </param>
/// <param name="Role">What the certificate says that it is.</param>
/// <param name="Name">The name in the certificate.</param>
/// <param name="Identity">The identity in the certificate: an origin's, or a ROOT's.</param>
public sealed record AuthenticatedPeer(
    Sha256Digest? Key, NodeRole? Role = null, NodeName? Name = null, string? Identity = null)
{
    /// <summary>Somebody on a plain connection.</summary>
    public static AuthenticatedPeer Unknown { get; } = new((Sha256Digest?)null);

    /// <summary>Why this peer is not whom a message says that it comes from; null: nothing speaks against it.</summary>
    public Reason? WhyNot(NodeName name) =>
        Name is { } own && own != name ? RegistrationReason.CertificateOfOther(own) : null;

    /// <summary>As <see cref="WhyNot(NodeName)"/>, for a node that says all of itself.</summary>
    public Reason? WhyNot(NodeRole role, NodeIdentity node)
    {
        if (WhyNot(node.Name) is { } other) return other;
        if (Role is { } own && own != role) return RegistrationReason.CertificateForOtherRole;
        return Identity is { } identity && identity != node.Identity
            ? RegistrationReason.CertificateOfOtherIdentity : null;
    }
}
