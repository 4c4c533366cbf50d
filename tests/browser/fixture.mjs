// What every test has: a watch over all that the browser does, the API beside the pages, a page of another host.
import { createServer } from "node:http";
import { test as base, expect } from "@playwright/test";
import { WORD } from "./text.mjs";

export { expect };

export const SERVER = new URL(process.env.CROSSCLAUSE_URL).origin;

// An answer of the API.
export async function read(path) {
  const response = await fetch(SERVER + path);
  expect(response.status, path).toBe(200);
  return response.json();
}

// What a browser did in a test, and what of it is wrong.
class Watch {
  #hosts = new Set([SERVER]);
  #expected = [];
  wrong = [];
  addresses = [];

  constructor(context) {
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      this.#complain(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#complain(`error: ${error.error().stack}`));
    context.on("request", (request) => this.#look(request));
    context.on("requestfailed", (request) => {
      const { errorText } = request.failure();
      // A suggestion is dropped when one types on, and what is under way when one leaves.
      if (errorText === "net::ERR_ABORTED" && ["fetch", "image", "other"].includes(request.resourceType())) return;
      this.#complain(`failed: ${request.url()} ${errorText}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) this.#complain(`status ${response.status()}: ${response.url()}`);
    });
  }

  #look(request) {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && !this.#hosts.has(origin)) this.#complain(`another host: ${request.url()}`);
    this.addresses.push(request.url(), request.headers().referer ?? "");
  }

  #complain(sentence) {
    if (!this.#expected.some((pattern) => pattern.test(sentence))) this.wrong.push(sentence);
  }

  // A host that the test itself serves.
  admit(origin) {
    this.#hosts.add(origin);
  }

  // What the test brings about, and is told of by the browser.
  expect(pattern) {
    this.#expected.push(pattern);
  }
}

// A page of somebody else, on another port and so of another origin.
class Foreign {
  #page = "";
  #server = createServer((request, response) => {
    const isPage = request.url === "/";
    response.writeHead(isPage ? 200 : 204, { "content-type": "text/html; charset=utf-8", ...(isPage ? this.headers : {}) });
    response.end(isPage ? this.#page : "");
  });
  headers = {};

  async start() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
  }

  // Lays out a page, and says where it is.
  show(body, headers = {}) {
    this.headers = headers;
    this.#page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>A dashboard</title></head><body><main><h1>A dashboard</h1>${body}</main></body></html>`;
    return `${this.origin}/`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const test = base.extend({
  // Fails a test in which the browser had anything to complain of.
  watch: [async ({ context }, use) => {
    const watch = new Watch(context);
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI || "what is inline"}`);
      });
    });
    await use(watch);
    expect(watch.wrong, "what the browser complained of").toEqual([]);
    expect(watch.addresses.filter((address) => address.toLowerCase().includes(WORD)), "addresses with pasted words").toEqual([]);
  }, { auto: true }],

  foreign: async ({ watch }, use) => {
    const foreign = new Foreign();
    await foreign.start();
    watch.admit(foreign.origin);
    await use(foreign);
    await foreign.stop();
  },
});

// That nothing is cut off at the side.
export async function expectNoSideways(page) {
  const [whole, seen] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  expect.soft(whole, `width of ${page.url()}`).toBeLessThanOrEqual(seen);
}

// The numbers in a text, as a reader sees them.
export const numbersIn = (text) => (text.match(/\d[\d,]*/g) ?? []).map((number) => Number(number.replaceAll(",", "")));

// What a page says it shows.
export async function readCounts(page) {
  const [clauses, platforms, tracked] = numbersIn(await page.getByRole("main").locator(".counts").first().innerText());
  return { clauses, platforms, tracked };
}

// That a page says what the API says.
export async function expectCounts(page, counts) {
  const shown = await readCounts(page);
  expect(shown).toEqual({ clauses: counts.clauses, platforms: counts.platforms, tracked: counts.platforms_tracked });
}

// Unfolds the filters, where they are folded.
export async function openFilters(page) {
  const filters = page.getByRole("navigation", { name: "Filters" });
  if (!(await filters.isVisible())) await page.locator("main summary", { hasText: /^Filters$/ }).click();
  await expect(filters).toBeVisible();
}
