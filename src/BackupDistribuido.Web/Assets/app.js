// What the pages need besides Blazor's own script: choices that outlast a visit, and a connection that heals by itself.
(() => {
    const banner = () => document.getElementById("lost");
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    const longest = 10000;
    let healing = false;
    let moved = Date.now();

    // Resolves to false where the node knows this page no more.
    const reconnect = () => Promise.race([Blazor.reconnect(), wait(longest).then(() => { throw new Error("no answer"); })]);

    async function heal(anew) {
        if (healing) return;
        healing = true;
        banner().hidden = false;
        for (let pause = 500, failed = 0; ; pause = Math.min(pause * 1.5, 5000)) {
            await wait(pause);
            try {
                const answer = await fetch("/alive", { cache: "no-store", signal: AbortSignal.timeout(longest) });
                // The node answers: either it still knows this page, or the page is opened anew.
                if (anew === true || !answer.ok || failed++ > 2 || !await reconnect()) location.reload();
                moved = Date.now();
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

    // Below <base href="/"> "#main" is the overview's, and Blazor follows it there.
    document.addEventListener("click", event => {
        if (!event.target.matches?.("a.skip")) return;
        event.preventDefault();
        document.getElementById("main").focus();
    }, true);

    // A form sends what it shows: what was typed while the connection was down has not been heard. Before Blazor's own listener, so that it comes first.
    document.addEventListener("submit", event => {
        for (const field of event.target.querySelectorAll("input")) field.dispatchEvent(new Event(field.type === "checkbox" ? "change" : "input", { bubbles: true }));
    }, true);

    // The node moves a page that lives every few seconds. One that stands still has lost it in a way that Blazor has not noticed, or has never come to life.
    const longestStill = 20000;
    const moves = () => { moved = Date.now(); };
    new MutationObserver(moves).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-live"] });
    document.addEventListener("visibilitychange", moves);
    setInterval(() => {
        if (document.visibilityState === "visible" && Date.now() - moved > longestStill) heal(true);
    }, 1000);

    Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: heal, onConnectionUp: () => { banner().hidden = true; } } } });
})();
