// What the pages need besides Blazor's own script: choices that outlast a visit, and a connection that heals by itself.
(() => {
    const banner = () => document.getElementById("lost");
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    const longest = 10000;
    let healing = false;

    // Resolves to false where the node knows this page no more.
    const reconnect = () => Promise.race([Blazor.reconnect(), wait(longest).then(() => { throw new Error("no answer"); })]);

    async function heal() {
        if (healing) return;
        healing = true;
        banner().hidden = false;
        for (let pause = 500, failed = 0; ; pause = Math.min(pause * 1.5, 5000)) {
            await wait(pause);
            try {
                const answer = await fetch("/alive", { cache: "no-store", signal: AbortSignal.timeout(longest) });
                // The node answers: either it still knows this page, or the page is opened anew.
                if (!answer.ok || failed++ > 2 || !await reconnect()) location.reload();
                banner().hidden = true;
                healing = false;
                return;
            } catch { /* it does not answer yet */ }
        }
    }

    window.bdist = {
        remember: (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=strict`; },
        language: code => { document.documentElement.lang = code; },
        scheme: scheme => { document.documentElement.dataset.scheme = scheme; },
        prefersDark: () => matchMedia("(prefers-color-scheme: dark)").matches,
    };

    // Blazor does not report a connection that breaks before the page has come to life.
    window.addEventListener("load", async () => {
        await wait(2 * longest);
        if (!document.querySelector("main[data-live]")) heal();
    });

    Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: heal, onConnectionUp: () => { banner().hidden = true; } } } });
})();
