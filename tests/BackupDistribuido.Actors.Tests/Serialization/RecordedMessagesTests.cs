using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Serialization;
using BackupDistribuido.Actors.Carriers;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Actors.Remoting;
using BackupDistribuido.Actors.Serialization;
using BackupDistribuido.Core.Naming;

namespace BackupDistribuido.Actors.Tests.Serialization;

/// <summary>
/// Messages as builds of 2026-11-29 wrote them. However the values are grouped in the program, the text stays the same,
/// byte for byte: nodes of different builds read each other.
/// </summary>
public sealed class RecordedMessagesTests : IAsyncLifetime
{
    private const string As = "as ";

    private readonly ActorSystem _system = RemotingConfig.Start(
        ControlEndpoint.ForNode(NodeAddress.Of(IPAddress.Loopback, 1), null), ProtocolMessages.Table,
            "akka { loggers = [], stdout-loglevel = off }");

    /// <summary>Every part set, to a value that no other part of its type has. A line: the message's name, its
    /// JSON.</summary>
    public static IEnumerable<object[]> Full() => Lines("Full.txt").Select(line => line.Split(' ', 2));

    /// <summary>Only what every build has always said, as an old one sends it, and in the next line what this build
    /// makes of it: the defaults of all that is absent.</summary>
    public static IEnumerable<object[]> Old() =>
        Lines("Old.txt").Chunk(2).Select(pair => (object[])[.. pair[0].Split(' ', 2), pair[1][As.Length..]]);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Theory]
    [MemberData(nameof(Full))]
    public void A_message_of_which_every_part_is_set_is_written_as_it_was_read(string manifest, string json) =>
        Assert.Equal(json, Again(manifest, json));

    [Theory]
    [MemberData(nameof(Old))]
    public void What_an_old_build_does_not_say_has_its_default(string manifest, string json, string expected) =>
        Assert.Equal(expected, Again(manifest, json));

    /// <summary>An old build that reads a message without a part that it requires refuses the message.</summary>
    [Theory]
    [MemberData(nameof(Old))]
    public void Without_any_of_its_old_parts_a_message_is_refused(string manifest, string json, string whole)
    {
        _ = whole;
        var parts = 0;
        foreach (var part in Parts(json))
        {
            parts++;
            Assert.Throws<RefusedMessageException>(() => Again(manifest, part));
        }
        Assert.InRange(parts, 7, 100);
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var text = new StreamReader(
            typeof(RecordedMessagesTests).Assembly.GetManifestResourceStream($"Recorded.{name}")!);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The same JSON once for each property of each object in it, without that property; totals may lack
    /// any.</summary>
    private static IEnumerable<string> Parts(string json)
    {
        for (var number = 0; ; number++)
        {
            var root = JsonNode.Parse(json)!;
            var (holder, name) = Properties(root).ElementAtOrDefault(number);
            if (holder is null) yield break;
            holder.Remove(name);
            yield return root.ToJsonString();
        }
    }

    private static IEnumerable<(JsonObject Holder, string Name)> Properties(JsonNode? node) => node switch
    {
        JsonObject holder => holder.ToList().SelectMany(one =>
            (one.Key == "totals" ? [] : Properties(one.Value)).Prepend((holder, one.Key))),
        JsonArray list => list.SelectMany(Properties),
        _ => [],
    };

    private string Again(string manifest, string json)
    {
        var serializer = Assert.IsType<ProtocolSerializer>(_system.Serialization.FindSerializerFor(new AskStatus()));
        return Encoding.UTF8.GetString(
            serializer.ToBinary(serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest)));
    }
}
