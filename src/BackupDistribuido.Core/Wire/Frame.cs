using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Wire;

/// <summary>Which way a frame travels on a link.</summary>
public enum Direction
{
    /// <summary>From parent to child: manifest and content.</summary>
    Down,
    /// <summary>From child to parent: needs and signs of life.</summary>
    Up,
}

/// <summary>A frame's header line as a value. The <see cref="PayloadLength"/> bytes that it announces follow it raw on
/// the wire.</summary>
public abstract record Frame
{
    /// <summary>Bytes of payload after the header line.</summary>
    public virtual int PayloadLength => 0;
}

/// <summary>Both ways, then the door: why the link is closed.</summary>
public sealed record ErrorFrame(ErrorCode Code, Reason Reason) : Frame;

/// <summary>Down, first: the parent greets with the run, its epoch, the plan's secret, both names and the
/// snapshot.</summary>
public sealed record HelloFrame(RunId Run, Epoch Epoch, LinkSecret Secret, NodeName From, NodeName To,
    SnapshotId Snapshot) : Frame
{
    /// <summary>What the parent speaks, and offers.</summary>
    public LinkProfile Profile { get; init; } = LinkProfile.Newest;
}

/// <summary>Up, first: the child answers with its name and the first page that it, or someone below it, does not have
/// whole.</summary>
public sealed record WelcomeFrame(RunId Run, Epoch Epoch, NodeName Node, int FirstPage) : Frame
{
    /// <summary>What the child speaks, and takes.</summary>
    public LinkProfile Profile { get; init; } = LinkProfile.Newest.Plain;
}

/// <summary>
/// Up, before all others, where the child makes the connection: it says which plan's link it wants, with the plan's
/// secret and both names. The parent answers with <see cref="HelloFrame"/>.
/// </summary>
public sealed record CallFrame(RunId Run, Epoch Epoch, LinkSecret Secret, NodeName Node, NodeName Parent) : Frame
{
    /// <summary>The protocol's version that the child speaks on this link.</summary>
    public int Version { get; init; } = LinkProfile.NewestVersion;
}

/// <summary>Down: a manifest page. The payload is <see cref="Count"/> entry lines; the entries are numbered from
/// <see cref="First"/>. <see cref="Digest"/> is the payload's; null on a link of version 1.</summary>
public sealed record PageFrame(int Page, long First, int Count, int Length, Sha256Digest? Digest = null) : Frame
{
    /// <inheritdoc/>
    public override int PayloadLength => Length;
}

/// <summary>Down: content of a file from byte <see cref="Offset"/> on.</summary>
public sealed record DataFrame(long Entry, long Offset, int Length) : Frame
{
    /// <inheritdoc/>
    public override int PayloadLength => Length;
}

/// <summary>Down: <see cref="Length"/> bytes of a file from byte <see cref="Offset"/> on are a hole: they read as zeros
/// and take no room.</summary>
public sealed record HoleFrame(long Entry, long Offset, long Length) : Frame;

/// <summary>Down: a file's content has all been sent (or is all there already): its length and digest.</summary>
public sealed record EndFrame(long Entry, long Size, Sha256Digest Digest) : Frame;

/// <summary>Down: the file changed at the origin. What was announced and sent of it is void; the payload is its new
/// entry line.</summary>
public sealed record AgainFrame(long Entry, int Length) : Frame
{
    /// <inheritdoc/>
    public override int PayloadLength => Length;
}

/// <summary>Down: the entry is left out of the snapshot.</summary>
public sealed record OmitFrame(long Entry, Omission Why) : Frame;

/// <summary>Down: what was forwarded of this file was damaged on the way to this parent; it is void, and this link is
/// not to blame.</summary>
public sealed record SpoiledFrame(long Entry) : Frame;

/// <summary>Down: the tree's end. Entries, pages and content bytes in all, and the digest of the sealed manifest's
/// lines.</summary>
public sealed record SealFrame(long Entries, int Pages, long Bytes, Sha256Digest Digest) : Frame;

/// <summary>Up: what the child lacks of a page. The payload is the text of a <c>NeedSet</c>.</summary>
public sealed record NeedFrame(int Page, int Length) : Frame
{
    /// <inheritdoc/>
    public override int PayloadLength => Length;
}

/// <summary>
/// Up, behind the seal: the child asks for content by its digest. The payload is the text of <see cref="ByteRanges"/>;
/// without one all <see cref="Size"/> bytes are wanted.
/// </summary>
/// <param name="Request">The request's number on this link.</param>
/// <param name="Digest">The digest of the whole content.</param>
/// <param name="Size">Its length.</param>
/// <param name="Entry">A file of the sealed manifest that has it; null: the child knows none.</param>
/// <param name="Length">Bytes of payload.</param>
public sealed record WantFrame(long Request, Sha256Digest Digest, long Size, long? Entry, int Length) : Frame
{
    /// <inheritdoc/>
    public override int PayloadLength => Length;
}

/// <summary>Down: the content that a request asked for is not to be had here; what came of it is void.</summary>
public sealed record LackFrame(long Request, ContentLack Why) : Frame;

/// <summary>Both ways, every second: this side lives.</summary>
public sealed record AliveFrame : Frame
{
    /// <summary>The only one.</summary>
    public static AliveFrame Instance { get; } = new();
}

/// <summary>Up, last: the child and all below it have stored the snapshot with this digest durably, or failed for a
/// reason of their own.</summary>
public sealed record DoneFrame(Sha256Digest Digest) : Frame;
