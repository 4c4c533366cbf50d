// Clause types, platforms, documents and the overview: what leads where, and whether numbers agree with what is behind.
import { NARROW } from "./browser.mjs";
import { expect, numbersIn, read, readCounts, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";

const main = (page) => page.getByRole("main");

test("a clause type: what it is, who has it, who has none, how grave, how it is worded", async ({ page }) => {
  const answer = await read(`/v1/clause-types/${IDS.type}?limit=100`);
  await page.goto(`/clause-types/${IDS.type}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(answer.clause_type.label);
  await expect(main(page)).toContainText(answer.clause_type.definition);
  await expect(main(page)).toContainText(`${answer.counts.found} of ${answer.adoption.denominator} platforms`);
  for (const [standing, name] of [["found", "Found"], ["none_found", "None found"], ["unclear", "Unclear"], ["no_document", "No such document"]]) {
    const heading = page.getByRole("heading", { name: new RegExp(`^${name}\\b`) });
    await expect(heading).toContainText(String(answer.counts[standing]));
    for (const { platform, standing: own } of answer.platforms.filter((one) => one.standing === standing).slice(0, 3)) {
      expect(own).toBe(standing);
      await expect(main(page).getByRole("link", { name: new RegExp(`^${platform.name}`) }).first()).toBeVisible();
    }
  }
  // The chart is a picture with a name, and its numbers stand in a table.
  await expect(main(page).getByRole("img", { name: /severity/i })).toBeVisible();
  const table = main(page).getByRole("table").filter({ hasText: "Severity" });
  for (const { value, platforms, clauses } of answer.severity) {
    const row = table.getByRole("row", { name: new RegExp(`${value} severity|unrated`, "i") });
    await expect(row).toContainText(`${platforms}`);
    await expect(row).toContainText(`${clauses}`);
  }
  await expect(page.getByRole("heading", { name: /typical/i })).toBeVisible();
  await expect(page.getByRole("heading", { name: /unusual/i })).toBeVisible();
  await main(page).getByRole("link", { name: `All ${answer.counts.clauses} clauses of this type` }).click();
  await expect(page).toHaveURL(`${SERVER}/?clause_type=${IDS.type}`);
  expect((await readCounts(page)).clauses).toBe(answer.counts.clauses);
});

test("all clause types lead to their pages", async ({ page }) => {
  await page.goto("/clause-types");
  const { total, clause_types: types } = await read("/v1/clause-types?limit=100");
  const links = main(page).getByRole("table").getByRole("rowheader").getByRole("link");
  expect(await links.count()).toBeGreaterThanOrEqual(total - 1);
  const [type] = types;
  await main(page).getByRole("link", { name: type.label, exact: true }).click();
  await expect(page).toHaveURL(`${SERVER}/clause-types/${type.id}`);
});

test("a platform: its profile, what only it says, its documents, what changed", async ({ page }) => {
  const answer = await read(`/v1/platforms/${IDS.platform}`);
  await page.goto(`/platforms/${IDS.platform}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(answer.name);
  await expect(main(page)).toContainText(`${answer.clauses} clauses`);
  await expect(main(page).getByRole("img", { name: /severity/i })).toBeVisible();
  for (const document of answer.documents) {
    await expect(main(page).getByRole("link", { name: document.title, exact: true }).first()).toHaveAttribute("href", `/documents/${document.id}`);
  }
  await expect(page.getByRole("heading", { name: `What only ${answer.name} says` })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What changed lately" })).toBeVisible();
  // Each row of the profile leads to the clauses that it counts.
  const profile = main(page).getByRole("table").filter({ hasText: "Category" });
  const row = profile.getByRole("row").filter({ has: page.getByRole("link") }).first();
  const counted = numbersIn(await row.getByRole("cell").last().innerText())[0];
  await row.getByRole("link").click();
  await expect(page).toHaveURL(/platform=heartwick&category=|category=.*&platform=heartwick/);
  expect((await readCounts(page)).clauses).toBe(counted);
});

test("what changed on a platform is shown word by word", async ({ page }) => {
  await page.goto("/platforms/oakmoor");
  await main(page).getByRole("link", { name: /What changed/ }).first().click();
  await expect(page).toHaveURL(`${SERVER}/compare?a=${IDS.changed}%401&b=${IDS.changed}%402`);
  await expect(page.getByRole("insertion").filter({ hasText: "without" })).toBeVisible();
});

test("a document: its clauses in order, each with a link", async ({ page }) => {
  const answer = await read(`/v1/documents/${IDS.document}?limit=100`);
  await page.goto(`/documents/${IDS.document}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(answer.document.title);
  const found = await main(page).getByRole("article").getByRole("heading").getByRole("link").evaluateAll((links) => links.map((link) => link.pathname));
  expect(found).toEqual(answer.clauses.map(({ clause }) => `/clauses/${clause.id}`).slice(0, found.length));
  expect(found.length).toBeGreaterThan(5);
  await main(page).getByRole("article").getByRole("heading").getByRole("link").first().click();
  await expect(page).toHaveURL(`${SERVER}${found[0]}`);
});

test("the overview: platforms by category, each cell a link to what it counts", async ({ page }) => {
  await page.goto("/overview");
  const map = page.getByRole("region", { name: "Map of platforms by category" }).getByRole("table");
  const { total } = await read("/v1/platforms?limit=1");
  await expect(main(page)).toContainText(`${total} platforms`);
  const rows = map.getByRole("row");
  const names = [];
  for (;;) {
    names.push(...(await rows.getByRole("rowheader").allInnerTexts()));
    const next = page.getByRole("link", { name: "Next page" });
    if (!(await next.isVisible())) break;
    await next.click();
    await page.waitForURL(/cursor=/);
    await page.waitForLoadState();
  }
  expect(new Set(names).size).toBe(total);
  await page.goto("/overview");
  // Some cells, from all over the map.
  for (const [row, cell] of [[1, 0], [5, 3], [12, 7], [20, 1]]) {
    const link = rows.nth(row).getByRole("cell").getByRole("link").nth(cell);
    const [counted] = numbersIn(await link.innerText());
    await link.click();
    expect((await readCounts(page)).clauses).toBe(counted);
    await page.goBack();
  }
  // Colour is not all that tells how grave a cell is.
  const signs = await rows.getByRole("cell").getByRole("link").evaluateAll((links) => links.filter((link) => !/[▲◆●○]/.test(link.textContent)).length);
  expect(signs).toBe(0);
});

test("on a phone the map is scrolled within its region, also by keys", async ({ page }) => {
  await page.setViewportSize(NARROW);
  await page.goto("/overview");
  const region = page.getByRole("region", { name: "Map of platforms by category" });
  await region.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => region.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  // Whose row it is stays in sight.
  await region.evaluate((element) => { element.scrollLeft = 400; });
  await expect(region.getByRole("rowheader").first()).toBeInViewport();
});

test("the way from the start to a clause's neighbours takes four clicks", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Clause types" }).click();
  await main(page).getByRole("link", { name: "Binding arbitration", exact: true }).click();
  await main(page).getByRole("link", { name: /^All \d+ clauses of this type/ }).click();
  await main(page).getByRole("article").first().getByRole("link", { name: /How others handle this/ }).click();
  await expect(page).toHaveURL(/\/clauses\/.*#others$/);
  await expect(page.getByRole("heading", { name: "How other platforms handle this" })).toBeInViewport();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("pages of types, platforms, documents and the overview are whole", async ({ page }) => {
    for (const path of [`/clause-types/${IDS.type}`, `/platforms/${IDS.platform}`, `/documents/${IDS.document}`, "/overview"]) {
      await page.goto(path);
      const plain = await main(page).innerText();
      expect(plain.length, path).toBeGreaterThan(400);
      expect(plain, path).not.toMatch(/\b(undefined|NaN|null)\b/);
    }
  });
});
