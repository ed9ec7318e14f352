using BackupDistribuido.Core.Catalogue;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Components.Files;
using BackupDistribuido.Web.Components.Views;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace BackupDistribuido.Web.Tests.Components;

public sealed class FileMatrixTests : RenderedPage
{
    private static readonly RunId Run = RunId.Parse("5f0c2d9e8b7a6143");

    private IRenderedComponent<CascadingValue<View>> Matrix(Language language = Language.English) =>
        Show<FileMatrix>(Coordinator(SampleStatus.Nobody), language, (nameof(FileMatrix.Of), new FilesOf.Run(Run)));

    [Fact]
    public void Each_destination_is_a_column()
    {
        Queries.Files = _ =>
            new FilePage(1, 1, [NodeName.Parse("attic"), NodeName.Parse("nas")], [new FileRow("a/b.txt", 1536, "10")]);

        var page = Matrix();

        Assert.Equal(["Path", "Size", "Copies", "attic", "nas"],
            page.FindAll("[role=columnheader]").Select(head => head.TextContent));
    }

    [Fact]
    public void A_search_and_the_filter_are_asked_of_the_node()
    {
        Queries.Files = query =>
            new FilePage(1_000_000, query.Search.Length > 0 ? 7 : 1_000_000, [NodeName.Parse("nas")], []);
        var page = Matrix();

        page.Find("input[type=search]").Input("holiday");
        page.Find("input[type=checkbox]").Change(true);

        var last = Queries.Asked[^1];
        Assert.Equal(("holiday", true, new FilesOf.Run(Run)), (last.Query.Search, last.Query.OnlyMissing, last.Whose));
    }

    [Fact]
    public void A_million_files_come_in_blocks_that_a_browser_can_scroll()
    {
        Queries.Files = _ => new FilePage(1_000_000, 1_000_000, [NodeName.Parse("nas")], []);

        var page = Matrix();

        Assert.Contains("1–250,000", page.Find(".blocks").TextContent, StringComparison.Ordinal);
        page.FindAll(".blocks button")[1].Click();
        Assert.Contains("250,001–500,000", page.Find(".blocks").TextContent, StringComparison.Ordinal);
        Assert.All(Queries.Asked, asked => Assert.InRange(asked.Query.Take, 0, FileQuery.Most));
    }

    [Fact]
    public void A_block_that_is_no_more_gives_way_to_the_last_one()
    {
        var missing = 600_000L;
        Queries.Files = query =>
            new FilePage(1_000_000, missing, [NodeName.Parse("nas")],
                query.Skip < missing ? [new FileRow($"file {query.Skip}", 1, "0")] : []);
        var page = Matrix();
        page.FindAll(".blocks button")[1].Click();
        missing = 300;
        page.FindAll(".blocks button")[1].Click();

        Assert.Empty(page.FindAll(".blocks"));
        Assert.Equal(0, Queries.Asked[^1].Query.Skip);
    }

    [Fact]
    public void Why_there_is_nothing_is_said()
    {
        Queries.Files = _ => FilePage.Without(Reason.Text("The run is over."));

        Assert.Contains("The run is over.", Matrix().Markup, StringComparison.Ordinal);
    }
}
