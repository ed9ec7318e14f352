using System.Text.RegularExpressions;

namespace BackupDistribuido.Architecture.Tests;

/// <summary>Habits that a reader can rely on in every file.</summary>
public sealed class SourceTests
{
    private const int LongestFile = 300, LongestLine = 120, MostFilesOfAType = 3;
    private const RegexOptions AnyCulture = RegexOptions.CultureInvariant;

    // Put together here, so that a search for them finds real ones only.
    private static readonly Regex Unfinished =
        new($@"\b({"TO"}{"DO"}|TBD|FIXME|HA{"CK"})\b|NotImplemented{"Exception"}", AnyCulture);

    private static readonly Regex Vague =
        new(@"^(.*[a-z0-9])?(Utils?|Utilit(y|ies)|Helpers?|Common|Managers?)$", AnyCulture);

    private static readonly Regex Text = new("\"\"\".*\"\"\"|\"(\\\\.|[^\"\\\\])*\"", AnyCulture);

    [Fact]
    public void There_are_sources() => Assert.InRange(Sources.Files.Count, 30, 10_000);

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        Assert.DoesNotContain(Sources.Files.Select(file => (Lines: File.ReadLines(file).Count(), file)),
            file => file.Lines > LongestFile);

    /// <summary>What the compiler adds to a component is no file of ours.</summary>
    [Fact]
    public void No_type_is_spread_over_more_than_three_files() =>
        Assert.Empty(Sources.Files.Concat(Sources.Components).GroupBy(file =>
                Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(file).Split('.')[0]))
            .Where(type => type.Count() > MostFilesOfAType).Select(type => $"{type.Key}: {type.Count()}"));

    [Fact]
    public void No_line_is_longer_than_120_characters() =>
        Assert.Empty(Sources.Files.Concat(Sources.Components).SelectMany(file => File.ReadLines(file)
            .Where(line => line.Length > LongestLine).Select(line => $"{file}: {line.Trim()}")));

    /// <summary>What a test expects, and the scripts that it runs, may be longer: texts are read best as they
    /// are.</summary>
    [Fact]
    public void No_line_of_a_test_has_more_than_120_characters_besides_its_texts() =>
        Assert.Empty(Sources.TestFiles.SelectMany(file => WithoutTexts(file)
            .Where(line => line.Length > LongestLine).Select(line => $"{file}: {line.Trim()}")));

    [Fact]
    public void A_line_that_is_long_without_its_texts_is_seen()
    {
        var (spaces, file) = (new string(' ', LongestLine), Path.GetTempFileName());
        try
        {
            File.WriteAllLines(file, [$"x(\"{spaces}\");", "y(\"\"\"", $"{spaces}z", "  \"\"\");", $"{spaces}code"]);

            Assert.Equal(5, WithoutTexts(file).Count());
            Assert.Single(WithoutTexts(file), line => line.Length > LongestLine);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> WithoutTexts(string file)
    {
        var isText = false;
        foreach (var line in File.ReadLines(file))
        {
            var fences = line.Split("\"\"\"").Length - 1;
            yield return isText || fences % 2 == 1 ? "" : Text.Replace(line, "\"\"");
            if (fences % 2 == 1) isText = !isText;
        }
    }

    [Fact]
    public void Nothing_is_left_unfinished() =>
        Assert.Empty(Sources.Files.SelectMany(file => File.ReadLines(file).Where(line => Unfinished.IsMatch(line))
            .Select(line => $"{file}: {line.Trim()}")));

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Assert.Empty(House.OwnTypes.Where(type => Vague.IsMatch(type.Name.Split('`')[0]))
            .Select(type => type.FullName));

    [Fact]
    public void No_namespace_has_a_name_that_says_nothing() =>
        Assert.DoesNotContain(House.OwnTypes.Select(type => type.Namespace.FullName).Distinct(),
            name => name.Split('.').Any(Vague.IsMatch));

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() =>
        Assert.DoesNotContain(Sources.Files,
            file => Path.GetRelativePath(Sources.Folder, file).Split(Path.DirectorySeparatorChar, '.')
                .Any(Vague.IsMatch));

    [Fact]
    public void A_namespace_is_its_folder()
    {
        foreach (var file in Sources.Files)
        {
            var declared =
                File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            var folder = Path.GetRelativePath(Sources.Folder, Path.GetDirectoryName(file)!)
                .Replace(Path.DirectorySeparatorChar, '.');
            if (declared is not null) Assert.Equal($"{file}: namespace {folder};", $"{file}: {declared}");
        }
    }

    [Theory]
    [InlineData("Utils", true)]
    [InlineData("PathHelper", true)]
    [InlineData("RunManager", true)]
    [InlineData("Common", true)]
    [InlineData("RunState", false)]
    [InlineData("Uncommon", false)]
    public void A_name_that_says_nothing_is_seen(string name, bool vague) => Assert.Equal(vague, Vague.IsMatch(name));
}
