namespace BackupDistribuido.Web.Pages;

/// <summary>How the status page looks: one column that fits a telephone, light or dark as the reader's system is. States differ by their words, not by colour alone.</summary>
internal static class StatusStyle
{
    public const string Text = """
        :root{--back:#f5f6f8;--card:#fff;--text:#1b2330;--soft:#5a6575;--line:#e3e7ed;--good:#0f6b3a;--goodback:#dcf3e5;--bad:#a11c1c;--badback:#fbe3e3;--warn:#7a4d00;--warnback:#fcefd2;--busy:#174ea6;--busyback:#e0eafc}
        @media (prefers-color-scheme:dark){:root{--back:#12161c;--card:#1b212a;--text:#e6eaf0;--soft:#9aa6b6;--line:#2b3440;--good:#8fe0b1;--goodback:#153523;--bad:#ffb0ab;--badback:#451a1a;--warn:#f2cf8a;--warnback:#3d2d0c;--busy:#a9c7ff;--busyback:#18305a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--text);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 2rem}
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 1.25rem;margin-bottom:1.25rem}
        h1{margin:0;font-size:1.5rem;letter-spacing:-.02em}
        header p{margin:0}.count strong{font-size:1.5rem;font-variant-numeric:tabular-nums}.when{margin-left:auto;color:var(--soft);font-size:.875rem}
        section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.875rem 1.125rem;margin-bottom:1rem}
        h2{margin:0;font-size:.9375rem;font-weight:600;color:var(--soft)}h2 small{font-weight:400}
        .none{margin:.375rem 0 0;color:var(--soft)}
        ul{list-style:none;margin:.25rem 0 0;padding:0}li{padding:.625rem 0}li+li{border-top:1px solid var(--line)}li:last-child{padding-bottom:.125rem}
        .row{display:grid;grid-template-columns:minmax(9rem,2fr) minmax(12rem,3fr) 7.5rem 13rem;gap:.125rem 1rem;align-items:center}
        b,.detail{overflow-wrap:anywhere}
        .detail,.age{color:var(--soft);font-size:.875rem}.figure{font-variant-numeric:tabular-nums;text-align:right}.age,.badge{justify-self:end;text-align:right;white-space:nowrap}
        .badge{border-radius:1rem;padding:.0625rem .625rem;font-size:.8125rem;font-weight:600;background:var(--line);color:var(--soft)}
        .good{background:var(--goodback);color:var(--good)}.bad{background:var(--badback);color:var(--bad)}.warn{background:var(--warnback);color:var(--warn)}.busy{background:var(--busyback);color:var(--busy)}
        .bar{display:flex;align-items:center;gap:.75rem;margin-top:.375rem;font-size:.875rem;color:var(--soft);font-variant-numeric:tabular-nums}
        progress{flex:1;min-width:4rem;height:.5rem;appearance:none;-webkit-appearance:none;border:0;border-radius:.25rem;overflow:hidden;background:var(--line)}
        progress::-webkit-progress-bar{background:var(--line)}progress::-webkit-progress-value{background:var(--busy)}progress::-moz-progress-bar{background:var(--busy)}
        footer{color:var(--soft);font-size:.875rem}footer p{margin:.25rem 0}a{color:var(--busy)}
        @media (max-width:44rem){main{padding-top:1rem}.row{display:flex;flex-wrap:wrap;justify-content:space-between}b{flex:1 1 36%}.detail{flex:1 1 55%}.detail{order:2}.figure{order:3}}
        """;
}
