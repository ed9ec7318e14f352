using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Replicas;
using BackupDistribuido.Storage.Staging;
using BackupDistribuido.Transfer.Receiving;

namespace BackupDistribuido.Transfer.Tests.Receiving;

public sealed class NewSnapshotTests : SnapshotSinkContract
{
    private readonly DestinationRoot _root;
    private readonly OriginReplicas _origin;
    private readonly StagedSnapshot _staged;

    public NewSnapshotTests()
    {
        _root = DestinationRoot.Open(Folder["root"], new RootOptions());
        _origin = OriginReplicas.Open(_root, HandLink.Origin, "machine:/source");
        _staged = _origin.Stage(HandLink.Id);
        Sink = new NewSnapshot(_staged);
    }

    protected override ISnapshotSink Sink { get; }

    protected override string Place => _origin.SnapshotPath(HandLink.Id);

    public override void Dispose()
    {
        Sink.Dispose();
        _staged.Dispose();
        _origin.Dispose();
        _root.Dispose();
        base.Dispose();
    }
}
