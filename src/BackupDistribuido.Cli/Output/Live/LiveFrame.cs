using System.Globalization;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Text;
using BackupDistribuido.Hosting.Events;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BackupDistribuido.Cli.Output.Live;

/// <summary>Draws a <see cref="LiveModel"/> into so many columns and rows; never more, so that the terminal does not
/// scroll.</summary>
internal sealed class LiveFrame(int width, int height)
{
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Dim = new(Color.Grey);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Note = new(Color.Yellow);
    private static readonly Style Bar = new(Color.Blue);

    /// <summary>Maximum lines of one kind above the moving part; lines that notes leave for the moving part.</summary>
    private const int MostOfOne = 3, RoomForMoving = 4;

    private readonly List<IRenderable> _lines = [];

    /// <summary>The picture.</summary>
    public static IRenderable Of(LiveModel model, int width, int height) => new LiveFrame(width, height).Draw(model);

    private Rows Draw(LiveModel model)
    {
        Line(model.Title, Bold);
        if (model.Link.Length > 0) Wrapped(model.Link, Dim, MostOfOne);
        if (model.Counts.Length > 0)
            Line(model.Role == NodeRole.Origin ? $"Destinations: {model.Counts}" : model.Counts, Bold);
        var members = model.Members.ToList();
        // Half of the terminal is for what moves.
        var room = Math.Max(2, (height / 2) - _lines.Count);
        foreach (var (name, member) in members.Take(members.Count > room ? room - 1 : room)) Member(name, member);
        if (members.Count > room) Line($"  and {Words.Count(members.Count - room + 1, "more node")}", Dim);
        if (model.Activity.Length > 0)
            Line(model.Activity, model.Activity.StartsWith("PROTECTED", StringComparison.Ordinal) ? Good : Bold);
        Progress(model);
        Runs(model);
        Notes(model);
        Files(model);
        Events(model);
        return new Rows(_lines);
    }

    private void Progress(LiveModel model)
    {
        if (model.Progress is { } run)
        {
            Add(Barred(new Paragraph(), run.Progress.Part, run.Progress.Percent, LongBar));
            Line(ProgressText.Amount(run.Progress, run.Tree));
            if (!model.IsOver) Line(ProgressText.Now(run), Dim);
        }
        else if (model.Role == NodeRole.Destination && !model.Waiting)
        {
            Receptions(model);
            Line($"received intact since it began: {Words.Count(model.Done.Files, "file")}, "
                + $"{Words.Bytes(model.Done.Bytes)}", Dim);
        }
        else if (model.Waiting && model.Role != NodeRole.Coordinator)
        {
            Line(model.Role == NodeRole.Origin ? "waiting for destinations" : "waiting for an origin", Dim);
        }
    }

    private int LongBar => Math.Max(4, Math.Min(60, width - 5));

    private void Receptions(LiveModel model)
    {
        var all = model.Receptions.ToList();
        var room = Math.Max(1, height / 6);
        foreach (var one in all.Take(room))
        {
            Line($"{one.Origin} {one.Snapshot}", Bold);
            if (one.Copy.Total > 0) Add(Barred(new Paragraph(), one.Copy.Part, one.Copy.Percent, LongBar));
            Line(ProgressText.Copy(one.Copy), Dim);
        }
        if (all.Count > room) Line($"and {Words.Count(all.Count - room, "more run")}", Dim);
    }

    private void Runs(LiveModel model)
    {
        var runs = model.Runs.ToList();
        // Events need room too.
        var room = Math.Max(1, height / 6);
        foreach (var run in runs.Take(room))
        {
            var now = run.Progress is { } there
                ? FormattableString.Invariant($"{there.Progress.Percent} %, {ProgressText.Now(there)}") : "beginning";
            Line($"{run.Name}: {now}", Dim);
        }
        if (runs.Count > room) Line($"and {Words.Count(runs.Count - room, "more run")}", Dim);
    }

    /// <summary>Notes for the owner are shown in full if there is room: files and events need less.</summary>
    private void Notes(LiveModel model)
    {
        var notes = model.Notes.TakeLast(Math.Max(1, height / 8)).ToList();
        for (var at = 0; at < notes.Count; at++)
        {
            var later = notes.Count - at - 1;
            Wrapped($"! {notes[at]}", Note, Math.Max(1, height - 1 - _lines.Count - later - RoomForMoving));
        }
    }

    private void Files(LiveModel model)
    {
        var room = height - _lines.Count - 2;
        if (room < 1 || !model.Files.Any()) return;
        Line("Last files", Dim);
        foreach (var file in model.Files.Take(room))
        {
            var copies = model.Role == NodeRole.Destination ? "  " : FormattableString.Invariant($"  {file.Copies}× ");
            Line(copies + Tail(file.Path.ToString(), width - copies.Length - 1));
        }
    }

    private void Events(LiveModel model)
    {
        var room = height - _lines.Count - 2;
        if (room < 1 || !model.Events.Any()) return;
        Line("Last events", Dim);
        foreach (var (time, text) in model.Events.Take(room))
            Line(string.Create(CultureInfo.InvariantCulture, $"  {time.ToLocalTime():HH:mm:ss} {text}"));
    }

    private void Member(string name, LiveMember member)
    {
        var (sign, style) = member.State switch
        {
            MemberState.Stored => ("✓", Good),
            MemberState.Lost => ("✗", Bad),
            MemberState.Left => ("○", Dim),
            _ => ("●", Bar)
        };
        var shown = Head($" {name.PadRight(Math.Min(20, width / 3))} ", width - 4);
        var line = new Paragraph().Append($"  {sign}", style).Append(shown);
        var used = 4 + shown.GetCellWidth();
        // A bar where it can be read: name and words come first.
        if (member.Copy is { } copy && width - used > 30)
        {
            Barred(line, copy.Part, copy.Percent, 16).Append(" ");
            used += 22;
        }
        var rate = member.Copy?.Rate is { } bytes ? $", {Words.Bytes(bytes)}/s" : "";
        Add(line.Append(Head(member.Words + rate, Math.Max(1, width - used))));
    }

    private static Paragraph Barred(Paragraph line, double part, int percent, int cells)
    {
        var full = (int)(cells * part);
        return line.Append(new string('█', full), Bar).Append(new string('░', cells - full), Dim)
            .Append(FormattableString.Invariant($" {percent,3}%"));
    }

    /// <summary>On as many lines as it takes, at most <paramref name="most"/>; broken at spaces where that can
    /// be.</summary>
    private void Wrapped(string text, Style style, int most)
    {
        text = PathText.Display(text);
        for (var line = 1; line < most && text.GetCellWidth() > width - 1; line++)
        {
            var end = Fitting(text, width - 1);
            var space = text.LastIndexOf(' ', end - 1, end);
            var cut = space > end / 2 ? space : end;
            Add(new Paragraph(text[..cut], style));
            text = "  " + text[cut..].TrimStart(' ');
        }
        Line(text, style);
    }

    /// <summary>How many characters of a text fit into so many cells, at least one.</summary>
    private static int Fitting(string text, int cells)
    {
        var (used, at) = (0, 0);
        while (at < text.Length)
        {
            var step = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            used += text.Substring(at, step).GetCellWidth();
            if (used > cells) break;
            at += step;
        }
        return Math.Max(1, at);
    }

    private void Line(string text, Style? style = null) => Add(new Paragraph(Head(text, width - 1), style));

    private void Add(IRenderable line)
    {
        if (_lines.Count < height - 1) _lines.Add(line);
    }

    // Wide characters take two columns: text is cut by measured width, not by count.
    private static string Head(string text, int cells)
    {
        // Reasons come from other nodes: nothing in them may move the cursor.
        text = PathText.Display(text);
        if (text.GetCellWidth() <= cells) return text;
        while (text.Length > 0 && text.GetCellWidth() > cells - 1)
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text + "…";
    }

    private static string Tail(string text, int cells)
    {
        if (text.GetCellWidth() <= cells) return text;
        while (text.Length > 0 && text.GetCellWidth() > cells - 1)
            text = text[(char.IsHighSurrogate(text[0]) ? 2 : 1)..];
        return "…" + text;
    }
}
