using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using BackupDistribuido.Actors.Protocol;
using BackupDistribuido.Cli.Output;
using BackupDistribuido.Cli.Output.Answers;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.History;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Status;
using BackupDistribuido.Core.Verifying;

namespace BackupDistribuido.Cli.Tests.Output;

/// <summary>docs/json.md says what is written, no more and no less: one name has one schema.</summary>
public sealed partial class JsonDocumentTests
{
    [Fact]
    public void Each_event_has_the_fields_that_its_document_names()
    {
        var written = Samples().SelectMany(Written).Concat(Verdicts())
            .ToLookup(one => one.GetProperty("event").GetString()!, Fields);
        var described = Described();

        Assert.Empty(written.Select(one => one.Key).Except(described.Keys));
        foreach (var kind in written)
        {
            var fields = described[kind.Key];
            Assert.Equal((kind.Key, Line(kind.SelectMany(one => one))), (kind.Key, Line(fields.Keys)));
            var always = fields.Where(field => !field.Value).Select(field => field.Key);
            Assert.All(kind,
                one => Assert.Equal((kind.Key, ""),
                    (kind.Key, Line(always.Where(field => IsDue(field, one)).Except(one)))));
        }
    }

    [Fact]
    public void Each_descriptor_is_in_the_document_and_tried_here()
    {
        var names = EventDescriptors.All.Select(one => one.Name).Append(EventDescriptors.Dropped);

        Assert.Equal(names.Order(), Described().Keys.Except(["runs", "snapshots", "status"]).Order());
        Assert.Equal(EventDescriptors.All.Select(one => one.Type).OrderBy(type => type.Name),
            Samples().Select(one => one.Happened.GetType()).Distinct().OrderBy(type => type.Name));
    }

    [Fact]
    public void An_answer_of_past_runs_has_no_other_fields()
    {
        RunHistory[] runs =
        [
            new(Happenings.Run, Happenings.Origin, Happenings.Snapshot, 2, Happenings.Time, Happenings.Time,
                Core.Delivery.RunOutcome.Protected, 2)
            {
                Totals = default,
                Skipped = 0,
                Seconds = 1,
                Epochs = 1,
                Reason = Reason.None,
                Work = Happenings.Worked().Work,
            },
        ];
        using var answer = JsonDocument.Parse(HistoryJson.Runs(new RunsAnswer(runs, [], null), Happenings.Time));

        Assert.Empty(Fields(answer.RootElement).Except(Described()["runs"].Keys));
    }

    /// <summary>A field of a part is due only where that part is.</summary>
    private static bool IsDue(string field, IReadOnlyList<string> fields) =>
        field.LastIndexOf('.') is var dot and > 0
            ? fields.Any(one => one.StartsWith(field[..(dot + 1)], StringComparison.Ordinal)) : true;

    private static IEnumerable<(NodeRole Role, NodeEvent Happened)> Samples()
    {
        foreach (var line in JsonViewTests.Lines) yield return ((NodeRole)line[0], (NodeEvent)line[1]);
        var worked = Happenings.Worked();
        yield return (NodeRole.Coordinator, new RunFinished(Happenings.Origin, worked));
        yield return (NodeRole.Origin,
            new RunFinished(Happenings.Origin,
                worked with { Source = worked.Source! with { Changes = null, IsFirst = true } }));
        yield return (NodeRole.Coordinator,
            new RunFinished(Happenings.Origin, worked with { Destinations = [worked.Destinations[0]] }));
        yield return (NodeRole.Coordinator, Happenings.Started);
        yield return (NodeRole.Coordinator, new RunPaused(Happenings.Origin, Happenings.Run, Happenings.Snapshot));
        yield return (NodeRole.Origin, new RunPaused(Happenings.Origin, Happenings.Run, Happenings.Snapshot));
        yield return (NodeRole.Destination,
            new ReceptionStarted(Happenings.Origin, Happenings.Snapshot, Happenings.Run, null));
        yield return (NodeRole.Coordinator,
            new ReplicaVerified(Happenings.Origin, Happenings.Snapshot, new Verification.Sound(Happenings.Time, 0),
                Happenings.A));
        yield return (NodeRole.Origin, new EntrySkipped(Happenings.Path("a/\xFF"), Core.Trees.Omission.Vanished));
        yield return (NodeRole.Destination, new SnapshotsRemoved(Happenings.Origin, [Happenings.Snapshot]));
        yield return (NodeRole.Coordinator, new PagesOpened("http://127.0.0.1:8080/?token=x"));
    }

    private static IEnumerable<JsonElement> Written((NodeRole Role, NodeEvent Happened) sample)
    {
        using var text = new StringWriter();
        using (var view = new JsonView(text, sample.Role)) view.Show(sample.Happened, Happenings.Time);
        using var document = JsonDocument.Parse(text.ToString());
        yield return document.RootElement.Clone();
    }

    /// <summary>What <c>bdist wait</c> ends with has the names of events.</summary>
    private static IEnumerable<JsonElement> Verdicts()
    {
        var newest = new SnapshotStatus(Happenings.Origin, Happenings.Snapshot, 2, 2);
        var standing = new ClusterStatus([], [], [newest]).Standings.Single();
        string[] lines =
        [
            HistoryJson.Verdict("protected", Happenings.Origin, newest, null, standing, ["why"], Happenings.Time),
                HistoryJson.Verdict("protected", Happenings.Origin, null, null, null, [], Happenings.Time),
            HistoryJson.Verdict("at-risk", Happenings.Origin, newest, 3, standing, ["why"], Happenings.Time),
                HistoryJson.Verdict("at-risk", Happenings.Origin, null, null, null, [], Happenings.Time),
        ];
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>Names of all fields: <c>changes.new</c> is a field of a part, <c>destinations[].name</c> one of each of
    /// several.</summary>
    private static List<string> Fields(JsonElement json) =>
        [.. Under(json, "").Where(field => field is not ("event" or "time"))];

    private static IEnumerable<string> Under(JsonElement json, string prefix) => json.ValueKind switch
    {
        JsonValueKind.Object =>
            json.EnumerateObject()
                .SelectMany(field => Under(field.Value, prefix.Length == 0 ? field.Name : $"{prefix}.{field.Name}")),
        JsonValueKind.Array when json.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object) =>
            json.EnumerateArray().SelectMany(item => Under(item, $"{prefix}[]")),
        JsonValueKind.Array => [$"{prefix}[]"],
        _ => [prefix],
    };

    private static string Line(IEnumerable<string> fields) =>
        string.Join(", ", fields.Distinct().Order(StringComparer.Ordinal));

    /// <summary>The events of the document: their fields, and whether each may be missing.</summary>
    private static Dictionary<string, Dictionary<string, bool>> Described()
    {
        var described = new Dictionary<string, Dictionary<string, bool>>();
        string? kind = null;
        foreach (var line in File.ReadLines(Document()))
        {
            if (line.StartsWith('#')) kind = Kind().Match(line) is { Success: true } head ? head.Groups[1].Value : null;
            if (kind is null) continue;
            described.TryAdd(kind, []);
            if (Field().Match(line) is { Success: true } row)
                described[kind].Add(row.Groups[1].Value, row.Groups[2].Length > 0);
        }
        return described;
    }

    private static string Document([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/json.md");

    [GeneratedRegex("^### `([a-z-]+)`$", RegexOptions.CultureInvariant)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^\| `([A-Za-z.\[\]]+)`( ?\?)? \|", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
