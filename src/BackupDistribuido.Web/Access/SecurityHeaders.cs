using Microsoft.AspNetCore.Http;

namespace BackupDistribuido.Web.Access;

/// <summary>Headers of every answer: nothing from elsewhere, in no other site's frame, no address passed on.</summary>
internal static class SecurityHeaders
{
    // Styles inline: MudBlazor writes its theme so. Scripts are files of ours only.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src "
        + "'self'; connect-src 'self'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Adds them.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // With no-referrer a browser sends "Origin: null" for our own form, as if another site had sent it.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // A browser that can say whether its system is dark says so with the first request, not after the page was
        // shown in the wrong colours.
        headers["Accept-CH"] = headers["Critical-CH"] = "Sec-CH-Prefers-Color-Scheme";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
