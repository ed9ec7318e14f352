using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Access;

/// <summary>What someone without a session sees.</summary>
internal static class LoginPage
{
    /// <summary>The page; with a form where a <paramref name="password"/> opens the door.</summary>
    public static string Render(Language language, bool password, LoginNote note)
    {
        string T(string english, string spanish) => language == Language.Spanish ? spanish : english;
        var way = !password
            ? T("Open the address that bdist printed when it started: it contains a token, so that no one else on this "
                + "machine can look or act here.",
                "Abre la dirección que bdist imprimió al arrancar: lleva una clave, para que nadie más de esta máquina "
                + "pueda mirar ni actuar aquí.")
            : T("Enter this node's password.", "Escribe la contraseña de este nodo.");
        var form = !password ? "" : $"""
            <form method="post" action="/enter">
            <label for="password">{T("Password", "Contraseña")}</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
            <button>{T("Enter", "Entrar")}</button>
            </form>
            """;
        var said = note switch
        {
            LoginNote.Wrong => Texts.Of(new Phrase("login.wrong"), language),
            LoginNote.Wait { Seconds: var seconds } =>
                Texts.Of(new Phrase("login.wait", ("seconds", seconds)), language),
            _ => null,
        };
        return $$"""
            <!DOCTYPE html>
            <html lang="{{Languages.Code(language)}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>bdist</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 18vh auto; padding: 0 1.25rem; }
            input, button { font: inherit; padding: .6rem .8rem; width: 100%; box-sizing: border-box; }
            input, button { margin: .25rem 0 .75rem; border-radius: .5rem; border: 1px solid #7a869a; }
            button { background: #1f5fbf; color: #fff; border: 0; cursor: pointer; }
            .wrong { color: light-dark(#b3261e, #ffb4ab); }
            </style>
            </head>
            <body>
            <main>
            <h1>bdist</h1>
            {{(said is null ? "" : $"<p class=\"wrong\" role=\"alert\">{said}</p>")}}
            <p>{{way}}</p>
            {{form}}
            </main>
            </body>
            </html>
            """;
    }
}
