// <crossclause-comparables clause-id="…">: how other platforms handle a clause, in any page.
// It reads this server's API, writes text and never markup, and needs nothing else.
(() => {
  "use strict";

  const NAME = "crossclause-comparables";
  const STYLE = "STYLE";

  // Attributes that hold lists, and those that hold one value; their parameters have underscores.
  const LISTS = ["category", "clause-type", "severity", "platform", "exclude-platform", "document-type",
    "regulation", "jurisdiction", "language"];
  const VALUES = ["seen-after", "seen-before", "as-of", "min-score", "include-affiliates", "fold"];

  const SEVERITIES = {
    high: ["▲", "High severity"],
    medium: ["◆", "Medium severity"],
    low: ["●", "Low severity"],
    unrated: ["○", "Unrated"],
  };

  const CARDS = 3;
  const MOST_CARDS = 10;

  // A module has no current script: then the first that is called so is taken.
  const script = document.currentScript ?? document.querySelector('script[src*="/embed.js"]');
  if (customElements.get(NAME)) return;
  const ORIGIN = new URL(script?.src ?? "", document.baseURI).origin;

  const sheet = makeSheet();

  // Constructed, since a page may forbid others.
  function makeSheet() {
    try {
      const made = new CSSStyleSheet();
      made.replaceSync(STYLE);
      return made;
    } catch {
      return null;
    }
  }

  // An element with attributes and with children, of which strings become text.
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null) element.setAttribute(key, value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  }

  // A link, if that is what it is: records could hold any text where an address belongs.
  function link(address, label, relation) {
    const safe = typeof address === "string" && /^https?:\/\//i.test(address);
    return safe ? make("a", { href: address, target: "_blank", rel: relation }, label) : label;
  }

  const linkOut = (address, label) => link(address, label, "noopener noreferrer nofollow");
  const linkHere = (path, label) => link(ORIGIN + path, label, "noopener");
  const pageOf = (id) => `/clauses/${encodeURIComponent(id)}`;

  const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

  // The text with its highlights, which are ranges of code points and not of UTF-16 units.
  function markExcerpt(excerpt) {
    const letters = Array.from(excerpt.text);
    const parts = [];
    let done = 0;
    for (const [start, end] of excerpt.highlights) {
      parts.push(letters.slice(done, start).join(""), make("mark", {}, letters.slice(start, end).join("")));
      done = end;
    }
    parts.push(letters.slice(done).join(""));
    if (excerpt.truncated) parts.push(make("span", { class: "note" }, " […]"));
    return parts;
  }

  function showSeverity(clause) {
    const [shape, word] = SEVERITIES[clause.severity] ?? SEVERITIES.unrated;
    const inferred = clause.inferred.includes("severity") ? " (inferred)" : "";
    return make("span", { class: `severity ${clause.severity}` },
      make("span", { "aria-hidden": "true" }, shape), ` ${word}${inferred}`);
  }

  function showCollection(collection) {
    if (!collection) return null;
    const name = collection.attribution ?? collection.id;
    const license = collection.license ? `, licence ${collection.license}` : "";
    return make("p", { class: "facts" }, "Source: ", linkOut(collection.url, name), license);
  }

  function showCard({ platform, clause, excerpt, match, evidence, affiliate }) {
    const tier = match.tier ? match.tier.replaceAll("-", " ") : "below the usual floor";
    const captured = evidence.captured_at ? `, captured ${evidence.captured_at.slice(0, 10)}` : "";
    return make("article", {},
      make("p", { class: "over" },
        make("span", { class: "platform" }, platform.name),
        affiliate ? make("span", { class: "note" }, "same company") : null,
        showSeverity(clause),
        make("span", { class: "tier" }, tier)),
      make("p", { class: "title" }, linkHere(pageOf(clause.id), clause.title ?? clause.document.title)),
      make("blockquote", { lang: clause.language, dir: "auto" }, markExcerpt(excerpt)),
      make("p", { class: "facts" }, linkOut(clause.document.url, clause.document.title), captured),
      showCollection(clause.collection));
  }

  // What is asked of the API, and of the clause's page without the number of cards.
  function readQuestion(element) {
    const filters = new URLSearchParams();
    const read = (name) => element.getAttribute(name)?.trim() ?? "";
    for (const name of LISTS) {
      for (const value of read(name).split(/[\s,]+/).filter(Boolean)) {
        filters.append(name.replaceAll("-", "_"), value);
      }
    }
    for (const name of VALUES) {
      if (read(name)) filters.append(name.replaceAll("-", "_"), read(name));
    }
    const asked = [...filters].map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
    const page = asked.length > 0 ? `?${filters}` : "";
    const wanted = Number.parseInt(read("limit"), 10);
    const limit = Number.isNaN(wanted) ? CARDS : Math.min(Math.max(wanted, 1), MOST_CARDS);
    filters.append("limit", String(limit));
    return { id: read("clause-id"), query: `?${filters}`, page, asked };
  }

  class Comparables extends HTMLElement {
    static observedAttributes = ["clause-id", "limit", ...LISTS, ...VALUES];

    #request = null;
    #waiting = false;

    // What is replaced, around a line that stays: a screen reader tells what changes in it.
    #head = make("div");
    #status = make("p", { class: "counts", role: "status" });
    #body = make("div");
    #section = make("section", { class: "embed", "aria-label": "How other platforms handle this" },
      this.#head, this.#status, this.#body);

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      if (sheet) root.adoptedStyleSheets = [sheet];
      root.append(this.#section);
    }

    connectedCallback() {
      this.#refresh();
    }

    disconnectedCallback() {
      this.#request?.abort();
      this.#request = null;
    }

    attributeChangedCallback(_, before, after) {
      if (before !== after) this.#refresh();
    }

    // Once for several attributes that change together.
    #refresh() {
      if (this.#waiting) return;
      this.#waiting = true;
      queueMicrotask(() => {
        this.#waiting = false;
        if (this.isConnected) this.#load();
      });
    }

    async #load() {
      this.#request?.abort();
      const request = new AbortController();
      this.#request = request;
      const question = readQuestion(this);
      if (!question.id) {
        this.#say("The attribute clause-id is missing.");
        return;
      }
      this.#section.setAttribute("aria-busy", "true");
      this.#status.textContent = "Looking for comparable clauses …";
      try {
        const path = `/v1/clauses/${encodeURIComponent(question.id)}/comparables${question.query}`;
        const response = await fetch(ORIGIN + path, { signal: request.signal, credentials: "omit" });
        const answer = await response.json();
        if (request !== this.#request) return;
        if (response.ok) this.#show(answer, question);
        else this.#say(answer.detail ?? answer.title);
      } catch {
        // If not, a later request is under way, or none.
        if (request === this.#request) this.#say("The comparable clauses could not be loaded.");
      }
    }

    // A message in place of an answer. What the page's author put into the element stays reachable.
    #say(message) {
      this.#put([], message, [make("p", { class: "note" }, make("slot"))]);
    }

    #show(answer, question) {
      const { source, counts, no_match: nothing } = answer;
      const cards = answer.cards ?? [];
      const all = counts.cards > cards.length ? `All ${counts.cards} on Crossclause` : "This on Crossclause";
      const name = source.title ? `${source.platform.name}, ${source.title}` : source.platform.name;
      // Regions of one page need names of their own.
      this.#section.setAttribute("aria-label", `How other platforms handle this: ${name}`);
      this.#put(
        [
          make("p", { class: "head" }, "How other platforms handle this"),
          make("p", { class: "note" }, linkHere(pageOf(source.id), name)),
        ],
        `Comparable clauses on ${count(counts.platforms, "platform", "platforms")}, `
          + `${count(counts.clauses, "clause", "clauses")}, of `
          + `${count(counts.platforms_tracked, "platform", "platforms")} tracked`,
        [
          question.asked.length > 0 ? make("p", { class: "note" }, `Asked for: ${question.asked.join(", ")}`) : "",
          nothing
            ? make("p", { class: "nothing" }, nothing.message)
            : make("ol", { role: "list" }, cards.map((card) => make("li", {}, showCard(card)))),
          make("footer", {}, make("p", {},
            linkHere(pageOf(source.id) + question.page, all),
            ` · generation ${answer.generation} · no legal advice`)),
        ],
      );
    }

    #put(head, status, body) {
      this.#section.setAttribute("aria-busy", "false");
      this.#head.replaceChildren(...head);
      this.#status.textContent = status;
      this.#body.replaceChildren(...body);
    }
  }

  customElements.define(NAME, Comparables);
})();
