using BackupDistribuido.Core.Reasons;
using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Pages;

/// <summary>
/// The language for a browser: the one that was chosen on a page before, else the first of its own that we have, else
/// English.
/// </summary>
internal static class Languages
{
    /// <summary>The cookie that keeps a choice.</summary>
    public const string Cookie = "bdist-language";

    /// <summary>The language of a request.</summary>
    public static Language Of(HttpRequest request)
    {
        if (request.Cookies[Cookie] is { } chosen) return chosen == "es" ? Language.Spanish : Language.English;
        foreach (var wanted in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1))
        {
            if (wanted.Value.StartsWith("es", StringComparison.OrdinalIgnoreCase)) return Language.Spanish;
            if (wanted.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return Language.English;
        }
        return Language.English;
    }

    /// <summary>Its code, as in <c>lang="es"</c>.</summary>
    public static string Code(Language language) => language == Language.Spanish ? "es" : "en";
}
