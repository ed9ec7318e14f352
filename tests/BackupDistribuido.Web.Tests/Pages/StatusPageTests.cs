using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Membership;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Tests.Pages;

public sealed class StatusPageTests
{
    [Theory]
    [InlineData(Language.English, "0", "destinations connected", "No destination is connected.", "Nothing is being copied.")]
    [InlineData(Language.Spanish, "0", "destinos conectados", "No hay ningún destino conectado.", "No se está copiando nada.")]
    public void Nobody_is_said_so(Language language, string count, string noun, string nobody, string noRun)
    {
        var page = StatusPage.Render(SampleStatus.Nobody, SampleStatus.Now, language);

        Assert.Contains($"<strong>{count}</strong> {noun}", page, StringComparison.Ordinal);
        Assert.Contains(nobody, page, StringComparison.Ordinal);
        Assert.Contains(noRun, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<li>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Language.English, "<strong>1</strong> destination connected", "0/2 copies", "25 % · 512 B / 2.0 KiB", "1.5 GiB free", "protected")]
    [InlineData(Language.Spanish, "<strong>1</strong> destino conectado", "0/2 copias", "25 % · 512 B / 2,0 KiB", "1,5 GiB libres", "protegida")]
    public void One_of_each(Language language, params string[] said)
    {
        var page = StatusPage.Render(SampleStatus.OneOfEach, SampleStatus.Now, language);

        Assert.All(said, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Equal(4, Regex.Count(page, "<li>", RegexOptions.CultureInvariant));
    }

    [Theory]
    [InlineData(Language.English, "<strong>3</strong> destinations connected", "Destinations <small>3</small>", "waiting for destinations", "at risk", "not known")]
    [InlineData(Language.Spanish, "<strong>3</strong> destinos conectados", "Destinos <small>3</small>", "esperando destinos", "en riesgo", "se desconoce")]
    public void Many(Language language, params string[] said)
    {
        var page = StatusPage.Render(SampleStatus.Many, SampleStatus.Now, language);

        Assert.All(said, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Equal(10, Regex.Count(page, "<li>", RegexOptions.CultureInvariant));
    }

    [Fact]
    public void Too_few_copies_are_never_called_protected()
    {
        var page = StatusPage.Render(new ClusterStatus([], [], [SampleStatus.Snapshot("db", 1, 3)]), SampleStatus.Now, Language.English);

        Assert.DoesNotContain(">protected<", page, StringComparison.Ordinal);
    }

    // Core's own types let no such text through; the page does not rest on that.
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a\"b'c&d", "a&quot;b&#39;c&amp;d")]
    public void Text_is_escaped(string text, string escaped) => Assert.Equal(escaped, StatusPage.Escape(text));

    [Fact]
    public void A_name_goes_through_the_escape()
    {
        var page = StatusPage.Render(SampleStatus.Many, SampleStatus.Now, Language.English);

        Assert.Contains("<b>laptop-photos</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Language.English, "en")]
    [InlineData(Language.Spanish, "es")]
    public void It_is_well_formed_refreshes_itself_and_loads_nothing(Language language, string code)
    {
        var page = StatusPage.Render(SampleStatus.Many, SampleStatus.Now, language);
        var body = XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..(page.IndexOf("</body>", StringComparison.Ordinal) + 7)]);

        Assert.Equal(4, body.Descendants("section").Count());
        Assert.Contains($"<html lang=\"{code}\">", page, StringComparison.Ordinal);
        Assert.Contains("<meta http-equiv=\"refresh\" content=\"5\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var here = StatusPage.Render(SampleStatus.Many, SampleStatus.Now, Language.Spanish);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            Assert.Equal(here, StatusPage.Render(SampleStatus.Many, SampleStatus.Now, Language.Spanish));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
