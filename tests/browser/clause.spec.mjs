// A clause: read, filtered among its comparables, compared, cited, shared and printed.
import { readFileSync, statSync } from "node:fs";
import { expect, expectCounts, numbersIn, openFilters, read, readCounts, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";

const PAGE = `/clauses/${IDS.clause}`;
const FOLD = "fold=wording";
const others = (page) => page.getByRole("region", { name: "How other platforms handle this" });
const cards = (page) => others(page).getByRole("article");
const facets = (page) => page.getByRole("navigation", { name: "Filters" });

// All that paging shows: the addresses of the clauses.
async function pageThrough(page) {
  const found = [];
  for (;;) {
    found.push(...(await cards(page).getByRole("heading", { level: 3 }).getByRole("link").evaluateAll((links) => links.map((link) => link.pathname))));
    const next = others(page).getByRole("link", { name: "Next page" });
    if (!(await next.isVisible())) return found;
    const before = page.url();
    await next.click();
    await page.waitForURL((url) => url.href !== before);
    await page.waitForLoadState();
  }
}

test("everything that is known of a clause is on its page", async ({ page }) => {
  const record = await read(`/v1/clauses/${IDS.judged}`);
  await page.goto(`/clauses/${IDS.judged}`);
  const main = page.getByRole("main");
  await expect(page).toHaveTitle(new RegExp(`^${record.title}.*${record.platform.name}`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(record.title);
  await expect(page.getByRole("region", { name: "The clause, verbatim" }).locator("blockquote")).toHaveText(record.text);
  await expect(main.getByRole("link", { name: record.platform.name, exact: true }).first()).toHaveAttribute("href", `/platforms/${record.platform.id}`);
  await expect(main.getByRole("link", { name: record.document.title, exact: true }).first()).toHaveAttribute("href", `/documents/${record.document.id}`);
  await expect(main.locator("header").first()).toContainText("Low severity");
  await expect(main).toContainText(record.why_it_matters);
  const aside = page.getByRole("complementary", { name: "About this clause" });
  for (const fact of [record.evidence.text_sha256, record.evidence.captured_at.slice(0, 10), record.collection.license, record.collection.attribution, record.document.updated_on]) {
    await expect(aside).toContainText(fact);
  }
  const taxonomy = await read("/v1/taxonomy");
  const label = (id) => taxonomy.regulation.find((one) => one.id === id).label;
  const named = aside.locator("section", { has: page.getByRole("heading", { name: "Regulations" }) });
  for (const id of [...record.regulations, ...record.regulations_often_relevant]) await expect(named).toContainText(label(id));
  await expect(named.getByRole("heading", { name: /Often relevant/ })).toBeVisible();
  await expect(aside.getByRole("heading", { name: "Stability" })).toBeVisible();
  await expect(main).toContainText("no legal advice");
});

test("cards say why they are there, and what they come from", async ({ page }) => {
  await page.goto(PAGE);
  const answer = await read(`/v1/clauses/${IDS.clause}/comparables?${FOLD}`);
  await expectCounts(page, answer.counts);
  await expect(cards(page)).toHaveCount(answer.cards.length);
  for (const [place, card] of answer.cards.entries()) {
    const shown = cards(page).nth(place);
    await expect(shown.getByRole("link", { name: card.platform.name, exact: true })).toBeVisible();
    await expect(shown.getByRole("link", { name: card.clause.title, exact: true })).toHaveAttribute("href", `/clauses/${card.clause.id}`);
    await expect(shown).toContainText(new RegExp(`${card.clause.severity} severity`, "i"));
    await expect(shown).toContainText(new RegExp(card.match.tier.replace("-", " "), "i"));
    await expect(shown).toContainText(card.match.shared_terms.join(" · "));
    await expect(shown).toContainText(card.evidence.captured_at.slice(0, 10));
    const marked = card.excerpt.highlights.map(([start, end]) => [...card.excerpt.text].slice(start, end).join(""));
    expect(await shown.locator("blockquote mark").allTextContents()).toEqual(marked);
    if (card.more_on_platform > 0) await expect(shown.getByRole("link", { name: `${card.more_on_platform} more on this platform` })).toBeVisible();
    if (card.same_wording.platforms > 1) await expect(shown).toContainText(`Same wording on ${card.same_wording.platforms} platforms`);
  }
});

test("cards that are paged through are as many as are counted, each platform once", async ({ page }) => {
  await page.goto(PAGE);
  const { platforms } = await readCounts(page);
  const { counts } = await read(`/v1/clauses/${IDS.clause}/comparables?${FOLD}`);
  const found = await pageThrough(page);
  expect(found.length).toBe(counts.cards);
  expect(new Set(found).size).toBe(counts.cards);
  expect(counts.platforms).toBe(platforms);
});

test("every clause, one by one, is as many as are counted", async ({ page }) => {
  await page.goto(PAGE);
  const { clauses } = await readCounts(page);
  await page.getByRole("link", { name: "Every clause" }).click();
  await expect(page).toHaveURL(/group_by=none/);
  const found = await pageThrough(page);
  expect(new Set(found).size).toBe(clauses);
  expect(found.length).toBe(clauses);
});

for (const [kind, value] of [["Severity", "Low severity"], ["Category", "Data retention"]]) {
  test(`filtered by ${kind.toLowerCase()}, what is shown is what the facet counted`, async ({ page }) => {
    await page.goto(`${PAGE}?group_by=none`);
    const all = await readCounts(page);
    await openFilters(page);
    // Of the values the first that leaves something out.
    const links = facets(page).locator("section", { has: page.getByRole("heading", { name: kind }) }).getByRole("link");
    const counted = numbersIn((await links.locator(".count").allInnerTexts()).join(" "));
    const place = counted.findIndex((count) => count < all.clauses);
    expect(place, `${value}, or another`).toBeGreaterThanOrEqual(0);
    await links.nth(place).click();
    await expect(page).toHaveURL(new RegExp(`${kind.toLowerCase()}=`));
    const shown = await readCounts(page);
    expect(shown.clauses).toBe(counted[place]);
    expect((await pageThrough(page)).length).toBe(shown.clauses);
    await page.getByRole("list", { name: "Filters in force" }).getByRole("link").first().click();
    expect(await readCounts(page)).toEqual(all);
  });
}

test("more on a platform leads to all of them", async ({ page }) => {
  await page.goto(PAGE);
  const { cards: all } = await read(`/v1/clauses/${IDS.clause}/comparables?${FOLD}&limit=100`);
  const card = all.find(({ more_on_platform: more }) => more > 0);
  for (;;) {
    const more = others(page).getByRole("article").filter({ hasText: card.clause.title }).getByRole("link", { name: /more on this platform/ });
    if (await more.isVisible()) {
      await more.click();
      break;
    }
    await others(page).getByRole("link", { name: "Next page" }).click();
  }
  await expect(page).toHaveURL(new RegExp(`platform=${card.platform.id}`));
  await expect(cards(page)).toHaveCount(card.more_on_platform + 1);
  expect((await readCounts(page)).clauses).toBe(card.more_on_platform + 1);
});

test("what only one of two says is shown when asked for", async ({ page }) => {
  await page.goto(PAGE);
  await page.getByRole("link", { name: "What only one of two says" }).click();
  await expect(page).toHaveURL(/explain=true/);
  const { cards: all } = await read(`/v1/clauses/${IDS.clause}/comparables?${FOLD}&explain=true`);
  const card = all.find(({ contrast }) => contrast?.clause_only?.length > 0);
  const [statement] = card.contrast.clause_only;
  await expect(cards(page).nth(card.rank - 1)).toContainText("Only here");
  await expect(cards(page).nth(card.rank - 1)).toContainText(statement.quote);
});

test("a filter that leaves nothing says so, and offers what leaves something", async ({ page }) => {
  const { facets: counted } = await read(`/v1/clauses/${IDS.clause}/comparables`);
  const missing = ["high", "medium", "low", "unrated"].find((severity) => !counted.severity.some(({ value }) => value === severity));
  await page.goto(`${PAGE}?severity=${missing}&category=retention-and-security`);
  await expect(cards(page)).toHaveCount(0);
  const offers = others(page).locator(".nothing").getByRole("listitem");
  expect(await offers.count()).toBeGreaterThan(0);
  const promised = numbersIn(await offers.first().locator(".count").innerText())[0];
  await offers.first().getByRole("link").click();
  expect((await readCounts(page)).clauses).toBe(promised);
});

test("a clause that nobody else has is called so", async ({ page }) => {
  await page.goto(`/clauses/${IDS.unique}`);
  const { no_match: nothing } = await read(`/v1/clauses/${IDS.unique}/comparables`);
  await expect(others(page)).toContainText(nothing.message);
  await expect(cards(page)).toHaveCount(0);
  await expect(page.getByRole("link", { name: /Unique/ })).toBeVisible();
});

test("a clause that changed has a line of time, its wordings, and what changed between them", async ({ page }) => {
  await page.goto(`/clauses/${IDS.changed}`);
  const aside = page.getByRole("complementary", { name: "About this clause" });
  await expect(aside).toContainText("First seen 2024-02-01, last seen 2026-05-01");
  await expect(aside.getByRole("img", { name: /2 wordings from 2024-02-01 to 2026-05-01/ })).toBeVisible();
  await aside.getByText("2 wordings, one by one").click();
  const rows = aside.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText("2025-07-01");
  await rows.nth(1).getByRole("link", { name: /how wording 2 differs from 1/ }).click();
  await expect(page).toHaveURL(`${SERVER}/compare?a=${IDS.changed}%401&b=${IDS.changed}%402`);
  await expect(page.getByRole("deletion").filter({ hasText: "thirty days of" })).toBeVisible();
  await expect(page.getByRole("insertion").filter({ hasText: "without" })).toBeVisible();
});

test("words that look like markup are words", async ({ page }) => {
  const record = await read(`/v1/clauses/${IDS.hard}`);
  await page.goto(`/clauses/${IDS.hard}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(record.title);
  await expect(page.locator("blockquote.legal")).toHaveText(record.text);
  await page.goto(`/embed/clauses/${IDS.hard}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(record.title);
  await page.goto(`/embed/builder?clause=${IDS.hard}&kind=component`);
  await expect(page.getByRole("main")).toContainText("How other platforms handle this");
  await page.goto("/");
  await page.getByRole("combobox").pressSequentially("title");
  await expect(page.getByRole("option").filter({ hasText: record.title })).toBeVisible();
});

test.describe("cited and shared", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });

  const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

  test("a citation is copied with one click, in three forms", async ({ page }) => {
    await page.goto(PAGE);
    const { citation } = await read(`/v1/clauses/${IDS.clause}`);
    const copy = async (name) => {
      await page.getByRole("button", { name, exact: true }).click();
      await expect(page.locator(".copied", { hasText: "Copied." })).toHaveCount(1);
      return clipboard(page);
    };
    expect(await copy("Copy citation")).toBe(citation.text);
    const bibtex = await copy("Copy BibTeX");
    expect(bibtex).toMatch(/^@\w+\{[^,\s]+,\n/);
    expect(bibtex).toContain(citation.text_sha256);
    expect(bibtex.match(/\{/g).length).toBe(bibtex.match(/\}/g).length);
    const [item] = JSON.parse(await copy("Copy JSON"));
    expect(item.id).toBe(citation.wording);
    expect(item.title).toBeTruthy();
    expect(await copy("Copy the address")).toBe(`${SERVER}${PAGE}`);
  });

  test("where there is a way to share, it is offered and given this page", async ({ page }) => {
    await page.addInitScript(() => {
      navigator.share = async (given) => { window.given = given; };
    });
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Share" }).click();
    expect(await page.evaluate(() => window.given)).toEqual({ title: await page.title(), url: `${SERVER}${PAGE}` });
  });

  test("where there is none, it is not offered", async ({ page }) => {
    await page.addInitScript(() => {
      delete Navigator.prototype.share;
    });
    await page.goto(PAGE);
    await expect(page.getByRole("button", { name: /^Print/ })).toBeVisible();
    await expect(page.getByRole("button", { name: "Share" })).toBeHidden();
  });

  test("what cannot be copied is selected", async ({ page }) => {
    await page.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("denied"));
    });
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Copy BibTeX" }).click();
    await expect(page.getByText("Copy what is selected.")).toBeVisible();
    expect(await page.evaluate(() => getSelection().toString())).toContain("@");
  });
});

test.describe("printed", () => {
  test("the button asks the browser to print", async ({ page }) => {
    await page.addInitScript(() => {
      window.print = () => { window.printed = true; };
    });
    await page.goto(PAGE);
    await page.getByRole("button", { name: /^Print/ }).click();
    expect(await page.evaluate(() => window.printed)).toBe(true);
  });

  test("on paper stand the words and where they come from, and nothing to click", async ({ page }, info) => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.goto(PAGE);
    for (const hidden of [page.getByRole("search"), page.getByRole("navigation", { name: "Main" }), facets(page), page.getByRole("button"), page.getByRole("link", { name: "Next page" })]) {
      await expect(hidden.filter({ visible: true })).toHaveCount(0);
    }
    const record = await read(`/v1/clauses/${IDS.clause}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("blockquote.legal")).toBeVisible();
    await expect(page.getByText(record.evidence.text_sha256, { exact: true })).toBeVisible();
    await expect(page.getByText(/no legal advice/).first()).toBeVisible();
    // Paper is white, whatever the screen is.
    const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
    expect(ink).toBe("rgb(0, 0, 0)");
    expect(["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"]).toContain(paper);
    const path = info.outputPath("clause.pdf");
    await page.pdf({ path, format: "A4" });
    expect(readFileSync(path).subarray(0, 5).toString()).toBe("%PDF-");
    expect(statSync(path).size).toBeGreaterThan(10_000);
    const sheets = readFileSync(path, "latin1").match(/\/Type\s*\/Page\b/g).length;
    expect(sheets).toBeLessThanOrEqual(8);
  });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("comparables are filtered and paged, and the citation is there to be selected", async ({ page }) => {
    await page.goto(PAGE);
    const all = await readCounts(page);
    await openFilters(page);
    await facets(page).getByRole("link", { name: /Medium severity/ }).click();
    expect((await readCounts(page)).clauses).toBeLessThanOrEqual(all.clauses);
    await page.goto(PAGE);
    expect((await pageThrough(page)).length).toBe((await read(`/v1/clauses/${IDS.clause}/comparables?${FOLD}`)).counts.cards);
    const { citation } = await read(`/v1/clauses/${IDS.clause}`);
    await expect(page.getByText(citation.text)).toBeVisible();
    await page.locator("summary", { hasText: "BibTeX" }).click();
    await expect(page.getByText(/^@\w+\{/)).toBeVisible();
    await expect(page.getByRole("button", { name: /^Copy/ })).toHaveCount(0);
  });
});
