using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Wire;

/// <summary>Any legal frame.</summary>
internal static class GenFrame
{
    private static readonly Gen<long> Entry =
        Gen.OneOf(Gen.Long[0, WireLimits.MaxEntry], Gen.Const(0L), Gen.Const(WireLimits.MaxEntry));
    private static readonly Gen<long> Size =
        Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Const(0L), Gen.Const(long.MaxValue));
    private static readonly Gen<int> Page = Gen.Int[0, WireLimits.MaxPage];
    private static readonly Gen<Epoch> Epochs = Gen.Long[0, Epoch.Max].Select(number => new Epoch(number));
    private static readonly Gen<Sha256Digest> Digest = Hex(64).Select(Sha256Digest.Parse);
    private static readonly Gen<LinkProfile> Profile = Gen.OneOf(new[] { LinkProfile.First, LinkProfile.Newest,
        LinkProfile.Newest.Plain, new LinkProfile(2, Capabilities.Parse("a1,content,zstd")) }.Select(Gen.Const)
            .ToArray());
    private static readonly Gen<RunId> Run = Hex(RunId.TextLength).Select(RunId.Parse);
    private static readonly Gen<LinkSecret> Secret = Hex(LinkSecret.TextLength)
        .Select(text => LinkSecret.TryParse(text, out var secret) ? secret : throw new InvalidOperationException());
    private static readonly Gen<NodeName> Name =
        Gen.String[Gen.Char["ABCXYZabcxyz019_-"], 1, NodeName.MaxLength].Select(NodeName.Parse);
    private static readonly Gen<string> ErrorText = Gen.String[Gen.Char[' ', '~'], 1, WireLimits.ErrorTextBytes]
        .Where(text => text.Trim() == text && text.Length > 0);

    public static readonly Gen<Frame> Error =
        Gen.Select(Gen.Enum<ErrorCode>(), ErrorText, (code, text) => (Frame)new ErrorFrame(code, Reason.Text(text)));

    public static readonly Gen<Frame> Down = Gen.OneOf<Frame>(
        Gen.Select(Entry, Size, Gen.Int[0, WireLimits.DataBytes],
            (entry, offset, length) => (Frame)new DataFrame(entry, offset, length)),
        Gen.Select(Entry, Size, Gen.Long[0, WireLimits.HoleBytes],
            (entry, offset, length) => (Frame)new HoleFrame(entry, offset, length)),
        Gen.Select(Entry, Size, Digest, (entry, size, digest) => (Frame)new EndFrame(entry, size, digest)),
        Gen.Select(Page, Entry, Gen.Int[0, WireLimits.PageEntries], Gen.Int[0, WireLimits.PageBytes],
            Digest, (page, first, count, length, digest) => (Frame)new PageFrame(page, first, count, length, digest)),
        Gen.Select(Entry, Gen.Enum<ContentLack>(), (request, why) => (Frame)new LackFrame(request, why)),
        Gen.Const((Frame)AliveFrame.Instance),
        Gen.Select(Entry, Gen.Int[0, WireLimits.PageBytes], (entry, length) => (Frame)new AgainFrame(entry, length)),
        Gen.Select(Entry, Gen.Enum<Omission>(), (entry, why) => (Frame)new OmitFrame(entry, why)),
        Entry.Select(entry => (Frame)new SpoiledFrame(entry)),
        Gen.Select(Entry, Page, Size, Digest,
            (entries, pages, bytes, digest) => (Frame)new SealFrame(entries, pages, bytes, digest)),
        Gen.Select(Run, Epochs, Secret, Name, Name, Profile,
            (run, epoch, secret, from, to, profile) =>
                (Frame)new HelloFrame(run, epoch, secret, from, to, SnapshotId.Parse("20261122T163305Z"))
                {
                    Profile = profile,
                }),
        Error);

    public static readonly Gen<Frame> Up = Gen.OneOf<Frame>(
        Gen.Select(Page, Gen.Int[0, WireLimits.NeedBytes], (page, length) => (Frame)new NeedFrame(page, length)),
        Gen.Const((Frame)AliveFrame.Instance),
        Digest.Select(digest => (Frame)new DoneFrame(digest)),
        Gen.Select(Run, Epochs, Name, Page, Profile,
            (run, epoch, name, page, profile) =>
                (Frame)new WelcomeFrame(run, epoch, name, page) { Profile = profile }),
        Gen.Select(Entry, Digest, Size, Gen.Nullable(Entry), Gen.Int[0, WireLimits.WantBytes],
            (request, digest, size, entry, length) =>
                (Frame)new WantFrame(request, digest, size, entry, length)),
        Gen.Select(Run, Epochs, Secret, Name, Name,
            (run, epoch, secret, node, parent) => (Frame)new CallFrame(run, epoch, secret, node, parent)),
        Error);

    private static Gen<string> Hex(int length) => Gen.String[Gen.Char["0123456789abcdef"], length, length];
}
