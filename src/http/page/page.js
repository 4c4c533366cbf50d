// What pages do without waiting: suggestions, the key of the search box, long texts moved to their
// box, and buttons that copy, share and print. Without this every page works as well.
(() => {
  "use strict";

  const DELAY = 120;
  const SUGGESTIONS = 8;
  const KINDS = { clause_type: "clause type", platform: "platform", title: "title" };
  const PAGES = { clause_type: "/clause-types/", platform: "/platforms/" };

  // What is shorter is no word yet; what is longer looks pasted, and is never sent as one types.
  const SHORTEST = 2;
  const LONGEST = 80;
  // Longer than this, a pasted text is no query.
  const LONGEST_QUERY = 200;

  const KEY = "/";
  const KEY_SETTING = "crossclause.key";

  const form = document.getElementById("search");
  const input = document.getElementById("q");

  // An element with attributes and with children, of which strings become text.
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // --- Suggestions: an editable combobox with a list, as the ARIA Authoring Practices have it ---

  function offerSuggestions() {
    const list = make("ul", { id: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: "" });
    const told = make("p", { class: "hidden", role: "status" });
    let suggestions = [];
    let active = -1;
    let timer = 0;
    let request = null;

    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) input.setAttribute(name, value);
    input.after(list, told);

    const isOpen = () => !list.hidden;

    function point(place) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = place;
      const option = list.children[place];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function open(isWanted) {
      list.hidden = !isWanted;
      input.setAttribute("aria-expanded", String(isWanted));
      point(-1);
      if (!isWanted) told.textContent = "";
    }

    // No answer that is still to come is shown.
    function stop() {
      clearTimeout(timer);
      request?.abort();
      request = null;
    }

    function close() {
      stop();
      open(false);
    }

    function show(found) {
      suggestions = found;
      const options = found.map(({ kind, text, clauses }, place) =>
        make("li", { id: `suggestion-${place}`, role: "option", "aria-selected": "false" },
          make("span", { class: "text" }, text), " ",
          make("span", { class: "kind" }, KINDS[kind] ?? kind), " ",
          make("span", { class: "count" }, `${clauses} ${clauses === 1 ? "clause" : "clauses"}`)));
      list.replaceChildren(...options);
      open(found.length > 0);
      told.textContent = `${found.length || "No"} ${found.length === 1 ? "suggestion" : "suggestions"}`;
    }

    async function suggest() {
      const own = new AbortController();
      request = own;
      let found = [];
      try {
        const question = new URLSearchParams({ q: input.value.trim(), limit: SUGGESTIONS });
        const response = await fetch(`/v1/suggest?${question}`, { signal: own.signal });
        if (response.ok) found = (await response.json()).suggestions;
      } catch {
        // One can go on without them.
      }
      if (own === request && document.activeElement === input) show(found);
    }

    // A type and a platform have a page. A title is searched, with the filters that the form keeps.
    function addressOf({ kind, id, query }) {
      if (PAGES[kind] && id) return PAGES[kind] + encodeURIComponent(id);
      const kept = new FormData(form).getAll("with").flatMap((value) => [...new URLSearchParams(value)]);
      return `/?${new URLSearchParams([...kept.filter(([name]) => !["q", "cursor"].includes(name)), ["q", query]])}`;
    }

    function take(place) {
      close();
      input.value = suggestions[place].text;
      location.assign(addressOf(suggestions[place]));
    }

    const keys = {
      ArrowDown(event) {
        if (!isOpen() && list.children.length > 0) open(true);
        if (isOpen() && !event.altKey) point((active + 1) % list.children.length);
        return isOpen();
      },
      ArrowUp(event) {
        if (event.altKey) open(false);
        else if (!isOpen() && list.children.length > 0) open(true);
        if (isOpen()) point((active < 1 ? list.children.length : active) - 1);
        return true;
      },
      Enter() {
        const isChosen = isOpen() && active >= 0;
        if (isChosen) take(active);
        return isChosen;
      },
      Escape() {
        if (isOpen()) close();
        else input.value = "";
        return true;
      },
      // What moves in the text leaves the list.
      ArrowLeft: () => point(-1),
      ArrowRight: () => point(-1),
      Home: () => point(-1),
      End: () => point(-1),
    };

    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (keys[event.key]?.(event)) event.preventDefault();
    });
    input.addEventListener("input", () => {
      stop();
      const { length } = input.value.trim();
      if (length >= SHORTEST && length <= LONGEST) {
        timer = setTimeout(suggest, DELAY);
      } else {
        list.replaceChildren();
        open(false);
      }
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    // A page that the browser kept comes back as it was left.
    addEventListener("pageshow", close);
    // The focus stays in the box while one points with a mouse.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const place = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (place >= 0) take(place);
    });
  }

  // --- A text that is no query goes to the box for texts ---

  function moveTexts() {
    const area = document.getElementById("text");
    const box = document.getElementById("paste");
    if (!area || !box) return;
    const told = make("p", { class: "note moved", role: "status" });
    form.append(told);
    function move(event) {
      // The box has one line: what has several must be caught before it loses them.
      const text = (event.clipboardData ?? event.dataTransfer)?.getData("text/plain").trim() ?? "";
      if (text.length <= LONGEST_QUERY && !/[\r\n\u2028\u2029]/.test(text)) return;
      event.preventDefault();
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      box.open = true;
      area.value = text;
      area.focus();
      told.textContent = "That is longer than a query, so it went to the box for texts. It is compared and not kept.";
    }
    input.addEventListener("paste", move);
    input.addEventListener("drop", move);
  }

  // --- The key of the search box, which one can turn off: some people speak to their computer ---

  function readSetting() {
    try {
      return localStorage.getItem(KEY_SETTING) !== "off";
    } catch {
      return true;
    }
  }

  function listenForKey() {
    let isOn = readSetting();
    const toggle = make("button", { type: "button", class: "quiet" });
    const say = () => {
      toggle.textContent = `The key ${KEY} goes to the search box: ${isOn ? "on" : "off"}`;
      if (isOn) input.setAttribute("aria-keyshortcuts", KEY);
      else input.removeAttribute("aria-keyshortcuts");
    };
    toggle.addEventListener("click", () => {
      isOn = !isOn;
      say();
      try {
        localStorage.setItem(KEY_SETTING, isOn ? "on" : "off");
      } catch {
        // Then it holds for this page.
      }
    });
    say();
    document.querySelector("body > footer")?.append(make("p", {}, toggle));
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
      if (!isOn || event.key !== KEY || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  // --- Buttons that need a script ---

  // The text is selected where it cannot be copied, so that a key does it.
  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const told = button.nextElementSibling;
    if (!source || !told) return;
    // Only what was copied last is still there to be pasted.
    for (const earlier of document.querySelectorAll(".copied")) earlier.textContent = "";
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      told.textContent = "Copied.";
    } catch {
      for (let fold = source.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      told.textContent = "Copy what is selected.";
    }
  }

  async function share(button) {
    try {
      await navigator.share({ title: document.title, url: new URL(button.dataset.share, location.href).href });
    } catch {
      // Who changes their mind needs no message.
    }
  }

  const BUTTONS = [
    ["button.copy", Boolean(navigator.clipboard), copy],
    ["button.share", Boolean(navigator.share), share],
    ["button.print", true, () => window.print()],
  ];

  function showButtons() {
    for (const [selector, isPossible] of BUTTONS) {
      for (const button of document.querySelectorAll(selector)) button.hidden = !isPossible;
    }
  }

  document.addEventListener("click", (event) => {
    for (const [selector, , act] of BUTTONS) {
      const button = event.target.closest?.(selector);
      if (button) act(button);
    }
  });
  // Whoever replaces a part of the page says so.
  document.addEventListener("replaced", showButtons);
  showButtons();

  if (form && input) {
    offerSuggestions();
    moveTexts();
    listenForKey();
  }
})();
