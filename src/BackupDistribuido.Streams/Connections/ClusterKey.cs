using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Streams.Connections;

/// <summary>
/// What all nodes of a cluster share: a self-signed certificate with its private key (ECDSA P-256), as PEM in a file
/// that only its owner can read. It is pinned: a peer is whoever shows exactly this certificate, and proves in the TLS
/// handshake that it has the private key. No authority, name, purpose or date takes part in that.
/// </summary>
public sealed class ClusterKey : IDisposable
{
    /// <summary>Largest key file, in bytes; a made one has about 900.</summary>
    public const int MaxFileSize = 64 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    private ClusterKey(X509Certificate2 certificate) =>
        (Certificate, Peer) = (certificate, new AuthenticatedPeer(Sha256Digest.Of(certificate.RawDataMemory.Span)));

    /// <summary>The certificate with its private key: what this node shows, as a server and as a client.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>
    /// Whoever has shown this certificate. All nodes have the same, so it is known that they belong to the cluster, and
    /// neither role nor name nor identity.
    /// </summary>
    public AuthenticatedPeer Peer { get; }

    /// <summary>Makes a new key, in memory.</summary>
    public static ClusterKey Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=BackupDistribuido", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        return new ClusterKey(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(100)));
    }

    /// <summary>Writes the key to a new file, of mode 0600 from its first moment.</summary>
    /// <exception cref="ClusterKeyException">There is such a file already, or it cannot be written.</exception>
    public void Save(string path)
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        var pem = Encoding.ASCII.GetBytes($"{Certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using var file = new FileStream(path, options);
            file.Write(pem);
        }
        catch (IOException) when (Path.Exists(path))
        {
            throw new ClusterKeyException(
                $"{path} exists already; a key is never overwritten: choose another name, or remove it first");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterKeyException($"the key cannot be written to {path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a key file.</summary>
    /// <param name="credentials">
    /// The folder of what a service manager hands to this process alone; null: there is none. It says so with an access
    /// control list, which shows in the mode as a group that may read.
    /// </param>
    /// <exception cref="ClusterKeyException">It is missing, readable by others, or holds no certificate with its
    /// private key.</exception>
    public static ClusterKey Load(string path, string? credentials = null)
    {
        var pem = Read(path,
            credentials is not null
                && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(credentials)
                ? Others & ~UnixFileMode.GroupRead : Others);
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem, pem);
            if (certificate.GetECDsaPrivateKey() is { } key)
            {
                key.Dispose();
                return new ClusterKey(certificate);
            }
            certificate.Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ClusterKeyException(
                $"{path} is no key: it must hold a certificate and its private key as PEM; 'bdist key FILE' makes one",
                    e);
        }
        throw new ClusterKeyException(
            $"{path} is no key of ours: its private key is not ECDSA; 'bdist key FILE' makes one");
    }

    /// <summary>Whether a certificate shown by a peer is this very one.</summary>
    public bool IsPeer(X509Certificate? shown) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Certificate.RawDataMemory.Span);

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static string Read(string path, UnixFileMode others)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & others) != 0)
                throw new ClusterKeyException($"the key {path} can be read by others: run 'chmod 600 {path}'");
            var bytes = new byte[MaxFileSize + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxFileSize
                ? Encoding.ASCII.GetString(bytes, 0, length)
                : throw new ClusterKeyException($"{path} is no key: it has more than {MaxFileSize} bytes");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClusterKeyException($"there is no key at {path}; 'bdist key FILE' makes one", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterKeyException($"the key {path} cannot be read: {e.Message}", e);
        }
    }
}
