// The web component in a page, without a browser: happy-dom runs the script that a server serves.
//
//   npm install happy-dom@21.0.4            in some directory, which is then the current one
//   node embed.mjs http://127.0.0.1:7700    exits 0 if all holds; the demo is served there

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const server = new URL(process.argv[2] ?? "http://127.0.0.1:7700").origin;
const require = createRequire(join(process.cwd(), "here.js"));
const { Window } = await import(pathToFileURL(require.resolve("happy-dom")));

const window = new Window({
  url: "https://elsewhere.example/post",
  settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true },
});
const { document } = window;

// What was asked, and how it is answered: by the server, or as a test has it.
const asked = [];
let answer = (url, options) => fetch(url, options);
window.fetch = (url, options) => {
  asked.push(String(url));
  return answer(url, options);
};

const script = document.createElement("script");
script.src = `${server}/embed.js`;
const text = await (await fetch(script.src)).text();
Object.defineProperty(document, "currentScript", { configurable: true, value: script });
window.eval(text);
// Two scripts in one page are one.
window.eval(text);

function add(attributes, ...children) {
  const element = document.createElement("crossclause-comparables");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  document.body.append(element);
  return element;
}

const status = (element) => element.shadowRoot.querySelector("[role=status]").textContent;
const cards = (element) => [...element.shadowRoot.querySelectorAll("li")];
const busy = (element) => element.shadowRoot.querySelector("section").getAttribute("aria-busy");

async function settle(element) {
  for (let waited = 0; waited < 400; waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    if (busy(element) === "false") return;
  }
  assert.fail(`not settled: ${status(element)}`);
}

async function read(path) {
  const response = await fetch(server + path);
  assert.equal(response.status, 200, path);
  return response.json();
}

const tests = {
  async "cards are what the API says"() {
    const element = add({ "clause-id": "heartwick.tos.no-training" });
    await settle(element);
    const expected = await read("/v1/clauses/heartwick.tos.no-training/comparables?limit=3");
    const { platforms, clauses, platforms_tracked: tracked } = expected.counts;
    assert.equal(status(element), `Comparable clauses on ${platforms} platforms, ${clauses} clauses, of ${tracked} platforms tracked`);
    assert.equal(cards(element).length, expected.cards.length);
    cards(element).forEach((card, place) => {
      const { platform, clause, excerpt, match } = expected.cards[place];
      const letters = Array.from(excerpt.text);
      assert.equal(card.querySelector(".platform").textContent, platform.name);
      assert.ok(card.querySelector(".severity").textContent.toLowerCase().includes(clause.severity));
      assert.equal(card.querySelector(".tier").textContent, match.tier.replaceAll("-", " "));
      assert.equal(card.querySelector(".title a").href, `${server}/clauses/${clause.id}`);
      assert.ok(card.querySelector("blockquote").textContent.startsWith(excerpt.text));
      assert.deepEqual(
        [...card.querySelectorAll("mark")].map((mark) => mark.textContent),
        excerpt.highlights.map(([start, end]) => letters.slice(start, end).join("")),
      );
      assert.ok(card.textContent.includes(clause.collection.attribution), "attribution");
      assert.ok(card.textContent.includes(`licence ${clause.collection.license}`), "licence");
    });
    const foot = element.shadowRoot.querySelector("footer").textContent;
    assert.ok(foot.includes(`generation ${expected.generation}`) && foot.includes("no legal advice"), foot);
  },

  async "attributes are parameters"() {
    asked.length = 0;
    const element = add({
      "clause-id": "quillhaven.tos.arbitration", limit: "2", severity: "high, medium", "exclude-platform": "bazaarly",
      "min-score": "0.4", theme: "dark",
    });
    await settle(element);
    assert.deepEqual(asked, [
      `${server}/v1/clauses/quillhaven.tos.arbitration/comparables?severity=high&severity=medium&exclude_platform=bazaarly&min_score=0.4&limit=2`,
    ]);
    assert.equal(cards(element).length, 2);
    assert.ok(element.shadowRoot.textContent.includes("Asked for: severity high, severity medium, exclude platform bazaarly, min score 0.4"));
    assert.ok(!element.shadowRoot.textContent.includes("Bazaarly"));
  },

  async "two elements keep apart, and a change of attributes asks once"() {
    const one = add({ "clause-id": "heartwick.tos.no-training", limit: "1" });
    const two = add({ "clause-id": "quillhaven.tos.arbitration", limit: "2" });
    await settle(one);
    await settle(two);
    assert.deepEqual([cards(one).length, cards(two).length], [1, 2]);
    asked.length = 0;
    one.setAttribute("limit", "4");
    one.setAttribute("severity", "low");
    await settle(one);
    assert.deepEqual([cards(one).length, cards(two).length, asked.length], [4, 2, 1]);
    const names = [one, two].map((element) => element.shadowRoot.querySelector("section").getAttribute("aria-label"));
    assert.notEqual(names[0], names[1]);
  },

  async "an answer that comes late is not shown"() {
    const waiting = [];
    answer = (url, options) => new Promise((resolve) => waiting.push({ url: String(url), signal: options.signal, resolve }));
    const element = add({ "clause-id": "first" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(busy(element), "true");
    element.setAttribute("clause-id", "second");
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(waiting.length, 2);
    assert.ok(waiting[0].signal.aborted && !waiting[1].signal.aborted);
    const problem = (detail) => new Response(JSON.stringify({ detail }), { status: 404 });
    waiting[1].resolve(problem("the second"));
    waiting[0].resolve(problem("the first"));
    await settle(element);
    assert.equal(status(element), "the second");
    element.setAttribute("clause-id", "third");
    await new Promise((resolve) => setTimeout(resolve, 10));
    element.remove();
    assert.ok(waiting[2].signal.aborted);
    answer = (url, options) => fetch(url, options);
  },

  async "highlights are code points, and texts stay texts"() {
    const hostile = "<img src=x onerror=alert(1)>";
    const clause = {
      id: "x.y", title: hostile, severity: "high", inferred: ["severity"], language: "en",
      document: { title: "Terms", url: "javascript:alert(1)" }, collection: { id: "c", url: "javascript:alert(2)" },
    };
    const made = {
      generation: 7, source: { id: "a.b", title: null, platform: { name: hostile } },
      counts: { platforms: 1, cards: 1, clauses: 1, platforms_tracked: 2 }, no_match: null,
      cards: [{
        platform: { name: "X" }, clause, match: { tier: null }, evidence: { captured_at: null }, affiliate: true,
        excerpt: { text: "💥 we 𝒕rain it", highlights: [[0, 1], [5, 10]], truncated: true },
      }],
    };
    answer = async () => new Response(JSON.stringify(made));
    const element = add({ "clause-id": "a.b" });
    await settle(element);
    const [card] = cards(element);
    assert.deepEqual([...card.querySelectorAll("mark")].map((mark) => mark.textContent), ["💥", "𝒕rain"]);
    assert.equal(element.shadowRoot.querySelector("img"), null);
    assert.ok(card.textContent.includes(hostile));
    assert.ok([...element.shadowRoot.querySelectorAll("a")].every((link) => link.href.startsWith(`${server}/`)));
    for (const part of ["High severity (inferred)", "below the usual floor", "same company"]) {
      assert.ok(card.textContent.includes(part), part);
    }
    answer = (url, options) => fetch(url, options);
  },

  async "nothing is an honest answer, and so is a failure"() {
    const none = add({ "clause-id": "quillhaven.tos.arbitration", severity: "unrated" });
    await settle(none);
    assert.equal(none.shadowRoot.querySelector(".nothing").textContent,
      "Other platforms have comparable clauses, but none passes the filters.");
    const wrong = add({ "clause-id": "quillhaven.tos.arbitration", severity: "hihg" }, "instead");
    await settle(wrong);
    assert.ok(status(wrong).includes("did you mean `high`?"), status(wrong));
    assert.ok(wrong.shadowRoot.querySelector("slot"), "what the author put there is shown");
    const missing = add({});
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(status(missing), "The attribute clause-id is missing.");
    answer = () => Promise.reject(new TypeError("no network"));
    const failed = add({ "clause-id": "x" });
    await settle(failed);
    assert.equal(status(failed), "The comparable clauses could not be loaded.");
    answer = (url, options) => fetch(url, options);
  },
};

for (const [name, test] of Object.entries(tests)) {
  await test();
  document.body.replaceChildren();
  console.log(`ok: ${name}`);
}
await window.happyDOM.close();
