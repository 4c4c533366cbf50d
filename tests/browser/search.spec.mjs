// Searching: by typing, by suggestion, with filters, sorted, one per platform, page by page, and in vain.
import { expect, expectCounts, readCounts, openFilters, read, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";

const box = (page) => page.getByRole("search").getByRole("combobox");
const results = (page) => page.getByRole("main").getByRole("article");
const RANKS = ["▲", "◆", "●", "○"];

// Words into the box and the key that sends them.
async function search(page, words) {
  await page.goto("/");
  await box(page).fill(words);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.pathname === "/" && url.searchParams.get("q") === words);
}

test("words are found, marked, counted, and stand in the address", async ({ page, context }) => {
  await search(page, IDS.word);
  const answer = await read(`/v1/search?q=${IDS.word}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(IDS.word);
  await expect(box(page)).toHaveValue(IDS.word);
  await expectCounts(page, answer.counts);
  await expect(results(page)).toHaveCount(answer.hits.length);
  for (const [place, { clause, platform, excerpt }] of answer.hits.entries()) {
    const shown = results(page).nth(place);
    await expect(shown.getByRole("link", { name: clause.title, exact: true })).toHaveAttribute("href", `/clauses/${clause.id}`);
    await expect(shown).toContainText(platform.name);
    const marked = excerpt.highlights.map(([start, end]) => [...excerpt.text].slice(start, end).join(""));
    expect(await shown.locator("mark").allTextContents()).toEqual(marked);
  }
  // Who is sent the address sees the same.
  const other = await context.newPage();
  await other.goto(page.url());
  expect(await other.getByRole("main").innerText()).toBe(await page.getByRole("main").innerText());
});

test.describe("suggestions", () => {
  test("come as one types, and an arrow and Enter take one", async ({ page }) => {
    await page.goto("/");
    const input = box(page);
    await expect(input).toHaveAttribute("aria-expanded", "false");
    await input.pressSequentially("binding a");
    const list = page.getByRole("listbox", { name: "Suggestions" });
    await expect(list).toBeVisible();
    await expect(input).toHaveAttribute("aria-expanded", "true");
    const { suggestions } = await read("/v1/suggest?q=binding+a&limit=8");
    const options = list.getByRole("option");
    await expect(options).toHaveCount(suggestions.length);
    const first = suggestions.findIndex(({ kind }) => kind === "clause_type");
    await expect(options.nth(first)).toContainText(`${suggestions[first].text} clause type ${suggestions[first].clauses} clauses`);
    await expect(page.getByRole("search").getByRole("status").first()).toHaveText(/^\d+ suggestions?$/);
    for (let place = 0; place <= first; place += 1) await page.keyboard.press("ArrowDown");
    const active = list.getByRole("option", { selected: true });
    await expect(active).toHaveCount(1);
    await expect(input).toHaveAttribute("aria-activedescendant", await active.getAttribute("id"));
    await expect(input).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${SERVER}/clause-types/${suggestions[first].id}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(suggestions[first].text);
  });

  test("go round with the arrows, and away with Escape, Tab and a click elsewhere", async ({ page }) => {
    await page.goto("/");
    const input = box(page);
    const list = page.getByRole("listbox");
    await input.pressSequentially("arb");
    await expect(list).toBeVisible();
    const count = await list.getByRole("option").count();
    expect(count).toBeGreaterThan(1);
    await page.keyboard.press("ArrowUp");
    await expect(list.getByRole("option").nth(count - 1)).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowDown");
    await expect(list.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
    // An arrow that moves in the text leaves the list, so that Enter sends what stands in the box.
    await page.keyboard.press("ArrowLeft");
    await expect(input).not.toHaveAttribute("aria-activedescendant");
    await page.keyboard.press("Escape");
    await expect(list).toBeHidden();
    await expect(input).toHaveValue("arb");
    await page.keyboard.press("ArrowDown");
    await expect(list).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(list).toBeHidden();
    await expect(input).not.toBeFocused();
    await input.focus();
    await page.keyboard.press("Escape");
    await expect(input).toHaveValue("");
    await input.pressSequentially("arb");
    await expect(list).toBeVisible();
    await page.getByRole("contentinfo").click();
    await expect(list).toBeHidden();
  });

  test("a platform is taken with the mouse", async ({ page }) => {
    await page.goto("/");
    await box(page).pressSequentially("heartw");
    await page.getByRole("option", { name: /Heartwick platform/ }).click();
    await expect(page).toHaveURL(`${SERVER}/platforms/heartwick`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Heartwick");
  });

  test("a title is searched", async ({ page }) => {
    await page.goto("/");
    await box(page).pressSequentially("your conversations");
    await page.getByRole("option", { name: /^Your conversations.* title 1 clause$/ }).click();
    await expect(page).toHaveURL(/\?q=/);
    await expect(results(page)).toHaveCount(1);
    await expect(results(page)).toContainText("Your conversations do not train machines");
  });

  test("nothing is asked that is too short, or long enough to be pasted", async ({ page, watch }) => {
    await page.goto("/");
    await box(page).pressSequentially("a");
    await box(page).fill("we may change these terms at any time and for any reason that we think is good, and you agree");
    await page.waitForTimeout(400);
    expect(watch.addresses.filter((address) => address.includes("/v1/suggest"))).toEqual([]);
    await expect(page.getByRole("listbox")).toBeHidden();
  });
});

test("a facet narrows to what it counts, and its chip lifts it", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}`);
  const all = await readCounts(page);
  await openFilters(page);
  const facets = page.getByRole("navigation", { name: "Filters" });
  const facet = facets.getByRole("link", { name: /Medium severity/ });
  const counted = Number((await facet.innerText()).match(/\d+/)[0]);
  expect(counted).toBeLessThan(all.clauses);
  await facet.click();
  await expect(page).toHaveURL(/severity=medium/);
  expect((await readCounts(page)).clauses).toBe(counted);
  for (const one of await results(page).all()) await expect(one).toContainText("Medium severity");
  await openFilters(page);
  // Its own filter is lifted from a facet: the others are there to be added.
  await facets.getByRole("link", { name: /High severity/ }).click();
  await expect(page).toHaveURL(/severity=medium&severity=high/);
  const chips = page.getByRole("list", { name: "Filters in force" });
  await expect(chips.getByRole("listitem")).toHaveCount(3);
  await chips.getByRole("link", { name: /Remove: Severity: Medium/ }).click();
  await expect(page).toHaveURL(/q=arbitration&severity=high$/);
  await page.getByRole("list", { name: "Filters in force" }).getByRole("link", { name: /High/ }).click();
  await expect(page).toHaveURL(new RegExp(`\\?q=${IDS.word}$`));
  expect(await readCounts(page)).toEqual(all);
});

test("every facet of the answer is there, with words and not with ids", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}`);
  await openFilters(page);
  const facets = page.getByRole("navigation", { name: "Filters" });
  for (const name of ["Category", "Severity", "Clause type", "Document type", "Platform", "Language"]) {
    await expect(facets.getByRole("heading", { name, exact: true })).toBeVisible();
  }
  await expect(facets.getByRole("link", { name: /^Dispute resolution/ })).toBeVisible();
  await expect(facets.getByRole("link", { name: /^Terms of service/i })).toBeVisible();
  await expect(facets.getByRole("link", { name: /^English/ })).toBeVisible();
  await expect(facets).not.toContainText("dispute-resolution");
});

test("a filter is kept by the next search", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}&severity=high`);
  await box(page).fill("liability");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page).toHaveURL(/severity=high/);
  await expect(page).toHaveURL(/q=liability/);
  await expect(page.getByRole("list", { name: "Filters in force" })).toContainText("High severity");
});

test("sorted by severity, the gravest are first", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}`);
  await page.getByRole("group", { name: "Sort by" }).getByRole("link", { name: "Severity" }).click();
  await expect(page).toHaveURL(/sort=severity/);
  await expect(page.getByRole("link", { name: "Severity", exact: true })).toHaveAttribute("aria-current", "true");
  const signs = await results(page).locator(".severity").evaluateAll((all) => all.map((one) => one.textContent.trim()[0]));
  const places = signs.map((sign) => RANKS.indexOf(sign));
  expect(places.length).toBeGreaterThan(5);
  expect(places).toEqual([...places].sort());
  const { hits } = await read(`/v1/search?q=${IDS.word}&sort=severity`);
  await expect(results(page).first()).toContainText(hits[0].platform.name);
});

test("one per platform shows each platform once", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}`);
  const { platforms } = await readCounts(page);
  await page.getByRole("group", { name: "Show" }).getByRole("link", { name: "One per platform" }).click();
  await expect(page).toHaveURL(/group_by=platform/);
  const names = [];
  for (;;) {
    names.push(...(await results(page).locator("header .platform").allTextContents()));
    const next = page.getByRole("link", { name: "Next page" });
    if (!(await next.isVisible())) break;
    await next.click();
    await page.waitForLoadState();
  }
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(platforms);
});

test("paging shows what is counted, each once, and back goes back", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}`);
  const { clauses } = await readCounts(page);
  const pages = [];
  for (;;) {
    pages.push(await results(page).getByRole("heading").getByRole("link").evaluateAll((links) => links.map((link) => link.pathname)));
    const next = page.getByRole("link", { name: "Next page" });
    if (!(await next.isVisible())) break;
    await Promise.all([page.waitForURL(/cursor=/), next.click()]);
    await page.waitForLoadState();
    await expect(results(page).first()).toContainText(`${pages.flat().length + 1}`);
  }
  expect(pages.length).toBeGreaterThan(2);
  expect(new Set(pages.flat()).size).toBe(clauses);
  expect(pages.flat().length).toBe(clauses);
  await page.getByRole("link", { name: "First page" }).click();
  await expect(results(page).getByRole("heading").getByRole("link").first()).toHaveAttribute("href", pages[0][0]);
});

test("back and forward show what was there", async ({ page }) => {
  await search(page, IDS.word);
  await openFilters(page);
  await page.getByRole("navigation", { name: "Filters" }).getByRole("link", { name: /High severity/ }).click();
  await expect(page).toHaveURL(/severity=high/);
  const filtered = await readCounts(page);
  await results(page).first().getByRole("heading").getByRole("link").click();
  await expect(page).toHaveURL(/\/clauses\//);
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  await page.goBack();
  expect(await readCounts(page)).toEqual(filtered);
  await expect(box(page)).toHaveValue(IDS.word);
  await expect(page.getByRole("listbox")).toBeHidden();
  await page.goBack();
  expect((await readCounts(page)).clauses).toBeGreaterThan(filtered.clauses);
  await expect(page.getByRole("list", { name: "Filters in force" })).toBeHidden();
  // What was typed was sent on to its address, so the way back is the page before, and not the sending.
  await page.goBack();
  await expect(page).toHaveURL(`${SERVER}/`);
  await page.goForward();
  await page.goForward();
  expect(await readCounts(page)).toEqual(filtered);
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
});

test("where nothing matches it says why, and offers what does", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}&severity=low&platform=lumenask`);
  await expect(results(page)).toHaveCount(0);
  const { no_match: nothing } = await read(`/v1/search?q=${IDS.word}&severity=low&platform=lumenask`);
  await expect(page.getByRole("main")).toContainText(nothing.message);
  const offers = page.getByRole("main").locator(".nothing").getByRole("listitem");
  expect(await offers.count()).toBeGreaterThan(0);
  for (const place of (await offers.all()).keys()) {
    const promised = Number((await offers.nth(place).locator(".count").innerText()).match(/\d+/)[0]);
    expect(promised).toBeGreaterThan(0);
    await offers.nth(place).getByRole("link").click();
    expect((await readCounts(page)).clauses).toBe(promised);
    expect(await results(page).count()).toBeGreaterThan(0);
    await page.goBack();
  }
});

test("a word that nobody uses gets an honest answer and the words that are used", async ({ page }) => {
  await search(page, "arbitration xylophonists bagpipe");
  await expect(results(page)).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: /Only “arbitration”/ }).click();
  await expect(page).toHaveURL(/q=arbitration$/);
  expect(await results(page).count()).toBeGreaterThan(0);
});

test("the view is there as JSON, CSV, feed and embed, with the same filters", async ({ page, request }) => {
  await page.goto(`/?q=${IDS.word}&severity=high`);
  const shown = await readCounts(page);
  const forms = page.getByRole("navigation", { name: "This in other forms" });
  const follow = async (name) => {
    const response = await request.get(await forms.getByRole("link", { name, exact: true }).getAttribute("href"));
    expect(response.status(), name).toBe(200);
    return response;
  };
  expect((await (await follow("JSON")).json()).counts.clauses).toBe(shown.clauses);
  const rows = (await (await follow("CSV")).text()).trim().split(/\r?\n/);
  expect(rows.length).toBeGreaterThan(shown.clauses);
  expect(await (await follow("Feed")).text()).toContain("<feed");
  await forms.getByRole("link", { name: "Embed", exact: true }).click();
  await expect(page).toHaveURL(/\/embed\/builder\?clause=.*severity=high/);
  await expect(page.getByRole("checkbox", { name: "High severity" })).toBeChecked();
});

test("the key / goes to the box, types where one types, and can be turned off", async ({ page }) => {
  await page.goto(`/?q=${IDS.word}`);
  await page.keyboard.press("/");
  await expect(box(page)).toBeFocused();
  await expect(box(page)).toHaveValue(IDS.word);
  await page.keyboard.press("End");
  await page.keyboard.press("/");
  await expect(box(page)).toHaveValue(`${IDS.word}/`);
  const setting = page.getByRole("contentinfo").getByRole("button", { name: /The key \// });
  await setting.click();
  await expect(setting).toContainText("off");
  await page.reload();
  await page.keyboard.press("/");
  await expect(box(page)).not.toBeFocused();
  await setting.click();
  await page.keyboard.press("/");
  await expect(box(page)).toBeFocused();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("one searches, filters, sorts and pages as with them", async ({ page }) => {
    await page.goto("/");
    const input = page.getByRole("search").getByRole("searchbox");
    await input.fill(IDS.word);
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/\\?q=${IDS.word}$`));
    await expectCounts(page, (await read(`/v1/search?q=${IDS.word}`)).counts);
    await openFilters(page);
    await page.getByRole("navigation", { name: "Filters" }).getByRole("link", { name: /High severity/ }).click();
    await expectCounts(page, (await read(`/v1/search?q=${IDS.word}&severity=high`)).counts);
    await page.getByRole("link", { name: "Recent" }).click();
    await page.getByRole("link", { name: "One per platform" }).click();
    await expect(page).toHaveURL(/sort=recent.*group_by=platform|group_by=platform.*sort=recent/);
    await page.getByRole("link", { name: "Next page" }).click();
    await expect(results(page).first()).toContainText("11");
    // What needs a script is not offered.
    for (const name of [/^Copy/, "Share", "Print"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  });

  test("filters are kept by the next search", async ({ page }) => {
    await page.goto(`/?q=${IDS.word}&severity=high`);
    const input = page.getByRole("search").getByRole("searchbox");
    await input.fill("class action waiver");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(({ searchParams }) => searchParams.get("q") === "class action waiver" && searchParams.get("severity") === "high");
  });
});
