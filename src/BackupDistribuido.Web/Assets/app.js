// What the pages need besides Blazor's own script: choices that outlast a visit, and a connection that heals by itself.
(() => {
    const banner = () => document.getElementById("lost");
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    let healing = false;

    async function heal() {
        if (healing) return;
        healing = true;
        banner().hidden = false;
        for (let pause = 500; ; pause = Math.min(pause * 1.5, 5000)) {
            await wait(pause);
            try {
                // The node answers: either it still knows this page, or the page is opened anew.
                const answer = await fetch("/alive", { cache: "no-store" });
                if (!answer.ok || !await Blazor.reconnect()) location.reload();
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

    Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: heal, onConnectionUp: () => { banner().hidden = true; } } } });
})();
