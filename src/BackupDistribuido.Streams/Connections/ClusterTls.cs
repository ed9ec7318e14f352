using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// TLS 1.3 between two holders of one <see cref="ClusterKey"/>: both sides show its certificate, both accept only that
/// one. A client's handshake ends before the server has judged the client's certificate, so a link is up only once the
/// other side's greeting came.
/// </summary>
/// <remarks>
/// Both methods fail with <see cref="AuthenticationException"/> for a peer with another key, none, or without TLS, and
/// with <see cref="IOException"/> where it hangs up. They take over <c>transport</c>: it is closed with the result, and
/// on failure.
/// </remarks>
public static class ClusterTls
{
    private const SslProtocols Version = SslProtocols.Tls13;

    /// <summary>The accepting side's handshake.</summary>
    public static Task<SslStream> AcceptAsync(Stream transport, ClusterKey key, CancellationToken cancel) =>
        HandshakeAsync(transport, stream => stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Context(key),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) => key.IsPeer(shown),
            EnabledSslProtocols = Version,
            CertificateChainPolicy = NoAuthorities(key),
            AllowTlsResume = false,
        }, cancel));

    /// <param name="Warnings">Doubts about destinations' reports, in sentences that end with what to do, at most
    /// <see cref="Doubts.Most"/>; null: none.</param>
    public static Task<SslStream> ConnectAsync(Stream transport, ClusterKey key, CancellationToken cancel) =>
        HandshakeAsync(transport, stream => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "backup-distribuido",
            ClientCertificateContext = Context(key),
            RemoteCertificateValidationCallback = (_, shown, _, _) => key.IsPeer(shown),
            EnabledSslProtocols = Version,
            CertificateChainPolicy = NoAuthorities(key),
            AllowTlsResume = false,
        }, cancel));

    private static async Task<SslStream> HandshakeAsync(Stream transport, Func<SslStream, Task> handshake)
    {
        var stream = new SslStream(transport, leaveInnerStreamOpen: false);
        try
        {
            await handshake(stream).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslStreamCertificateContext Context(ClusterKey key) =>
        SslStreamCertificateContext.Create(key.Certificate, null, offline: true);

    // The pin decides, not the chain; but .NET builds one, and this keeps it from the network and from reading the
    // system's authorities.
    private static X509ChainPolicy NoAuthorities(ClusterKey key)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.Add(key.Certificate);
        return policy;
    }
}
