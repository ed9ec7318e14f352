using CsCheck;

namespace BackupDistribuido.Transfer.Tests.Receiving;

/// <summary>Files with several names, in one page and over pages, that vanish, change and become empty between their
/// announcement and their reading.</summary>
public sealed class LinkedFilesProperties
{
    /// <summary>More files of so long a name than a page has room for: what sorts before them and behind them is in
    /// different pages.</summary>
    private const int Between = 300;
    private static readonly string Long = new('ÿ', 120);

    private static readonly string[] Names = ["a1", "a2", "a3", "a4", "z1", "z2", "z3", "z4"];

    [Theory]
    [InlineData("rm source/a1")]
    [InlineData("rm source/a1; : > source/a1")]
    [InlineData(": > source/a1")]
    [InlineData("rm source/a1; echo another > source/a1")]
    public void The_last_needed_file_of_its_page_has_another_name_in_a_later_page(string change)
    {
        foreach (var isChain in new[] { false, true })
        {
            using var link =
                new HandFanOut(isChain, source => Fill(source, "echo one > a1; ln a1 a2; ln a1 z1; echo two > z2"));
            var isDone = false;
            link.Between = () =>
            {
                if (isDone) return;
                isDone = true;
                Do(link.Source, change.Replace("source/", "", StringComparison.Ordinal));
            };
            Ends(link);
        }
    }

    [Fact]
    public void Whatever_vanishes_or_changes_while_it_is_delivered_each_manifest_is_the_one_that_is_sealed() =>
        Gen.Select(Gen.Bool, Gen.Int[0, int.MaxValue]).Sample((isChain, seed) =>
        {
            var random = new Random(seed);
            using var link = new HandFanOut(isChain, source => Fill(source, string.Join("; ", Names.Select((name, i) =>
                i > 0 && random.Next(2) == 0
                    ? $"ln {Names[random.Next(i)]} {name}"
                    : $"head -c {random.Next(300_000)} /dev/urandom > {name}"))));
            link.Between = () =>
            {
                var name = Names[random.Next(Names.Length)];
                switch (random.Next(20))
                {
                    case 0: Do(link.Source, $"rm -f {name}"); break;
                    case 1: Do(link.Source, $": > {name}"); break;
                    case 2: Do(link.Source, $"rm -f {name}; : > {name}"); break;
                    case 3: Do(link.Source, $"echo more >> {name}"); break;
                    case 4: Do(link.Source, $"rm -f {name}; echo another > {name}"); break;
                    case 5:
                        Do(link.Source,
                        $"rm -f {name}; ln {Names[random.Next(Names.Length)]} {name} 2> /dev/null || true"); break;
                }
            };
            Ends(link);
        }, iter: 8, threads: 1);

    private static void Ends(HandFanOut link)
    {
        link.Run();
        Assert.True(link.Tree.Draft.PageCount > 1);
        Assert.NotNull(link.Tree.Seal);
        Assert.All(link.Seals, seal => Assert.Equal(link.Tree.Draft.Seal, seal));
    }

    private static void Fill(string source, string make)
    {
        for (var i = 0; i < Between; i++) File.WriteAllBytes(Path.Combine(source, $"m{i:000}{Long}"), []);
        Do(source, make);
    }

    private static void Do(string source, string command)
    {
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"cd '{source}' && {{ {command}; }}"]);
        shell.WaitForExit();
    }
}
