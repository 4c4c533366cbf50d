// The builder without waiting: what is changed is shown at once.
(() => {
  "use strict";

  const DELAY = 250;
  const form = document.getElementById("builder");
  let timer = 0;
  let request = null;

  // The element needs its script as soon as one is shown.
  function needScript() {
    if (!document.querySelector("crossclause-comparables") || document.querySelector('script[src$="/embed.js"]')) return;
    const script = document.createElement("script");
    script.src = "/embed.js";
    document.head.append(script);
  }

  async function refresh() {
    if (!form.checkValidity()) return;
    request?.abort();
    const own = new AbortController();
    request = own;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    try {
      const response = await fetch(address, { signal: own.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const result = page.getElementById("result");
      if (own !== request || !result) return;
      document.getElementById("result").replaceChildren(...result.childNodes);
      // The page's own script shows the button that copies.
      document.dispatchEvent(new Event("replaced"));
      history.replaceState(null, "", address);
      needScript();
    } catch {
      // The button of the form still works.
    }
  }

  function refreshSoon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, DELAY);
  }

  // An id means nothing before it is complete.
  form.addEventListener("input", ({ target }) => {
    if (target.id !== "clause") refreshSoon();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.id === "clause") refreshSoon();
  });
})();
