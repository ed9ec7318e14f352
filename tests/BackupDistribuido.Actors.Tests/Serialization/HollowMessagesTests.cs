using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Serialization;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Runs;

namespace BackupDistribuido.Actors.Tests.Serialization;

/// <summary>Messages that are JSON of the right names and lack what an actor takes for granted: one of them must not
/// end the coordinator.</summary>
public sealed class HollowMessagesTests : IAsyncLifetime
{
    private readonly ActorSystem _system = RemotingConfig.Start(
        ControlEndpoint.ForNode(NodeAddress.Of(IPAddress.Loopback, 1), null), ProtocolMessages.Table,
            "akka { loggers = [], stdout-loglevel = off }");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Theory]
    [InlineData("register-destination", "{}")]
    [InlineData("register-destination", """{"registration":{}}""")]
    [InlineData("register-origin", """{"registration":{"required":1}}""")]
    [InlineData("leave", """{"role":"Origin"}""")]
    [InlineData("run-end-heard", "{}")]
    [InlineData("files-verified", """{"run":"0123456789abcdef","destination":"a"}""")]
    [InlineData("files-verified", """{"run":"0123456789abcdef","destination":"a","files":[null]}""")]
    [InlineData("files-verified", """{"run":"0123456789abcdef","destination":"a","files":[{"first":0,"last":1},null]}""")]
    [InlineData("replica-report", """{"run":"0123456789abcdef","epoch":1,"destination":"a","phase":"Failed","digest":null,"reason":"","failedLinks":[null]}""")]
    public void What_lacks_a_part_is_refused(string manifest, string json) =>
        Assert.Throws<RefusedMessageException>(() => Serializer().FromBinary(Encoding.UTF8.GetBytes(json), manifest));

    [Fact]
    public void What_may_be_missing_may_be_missing() =>
        Assert.IsType<RunOver>(Serializer().FromBinary("""{"run":"0123456789abcdef","keep":null}"""u8.ToArray(), "run-over"));

    private SerializerWithStringManifest Serializer() =>
        Assert.IsType<ProtocolSerializer>(_system.Serialization.FindSerializerFor(new AskStatus()));
}
