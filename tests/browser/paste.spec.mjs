// A clause or a whole document of one's own, held against everybody's. None of it enters an address: every
// test holds that, since the fixture looks for a word that all of these texts have.
import { expect, expectCounts, numbersIn, openFilters, readCounts, SERVER, test } from "./fixture.mjs";
import { AS_CLAUSE, AS_DOCUMENT, openBox, paste } from "./pages.mjs";
import { CLAUSE, DOCUMENT, SENTENCE, WORD } from "./text.mjs";

const others = (page) => page.getByRole("region", { name: "How other platforms handle this" });
const cards = (page) => others(page).getByRole("article");

// What the API says of a text.
async function compare(text, query = "fold=wording") {
  const pairs = Object.fromEntries(new URLSearchParams(query));
  const response = await fetch(`${SERVER}/v1/comparables`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text, ...pairs }),
  });
  expect(response.status).toBe(200);
  return response.json();
}

function expectHome(page) {
  expect(new URL(page.url()).search).toBe("");
  expect(new URL(page.url()).pathname).toBe("/");
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled });

    test("a clause is compared, filtered and paged", async ({ page }) => {
      const answer = await paste(page, CLAUSE, AS_CLAUSE).then(() => compare(CLAUSE));
      expectHome(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your text");
      await expect(page.getByRole("main").locator("blockquote").first()).toHaveText(CLAUSE);
      await expectCounts(page, answer.counts);
      await expect(cards(page)).toHaveCount(answer.cards.length);
      await expect(cards(page).first()).toContainText(answer.cards[0].platform.name);
      await openFilters(page);
      const facet = page.getByRole("navigation", { name: "Filters" }).getByRole("button", { name: /Low severity/ });
      const counted = numbersIn(await facet.innerText())[0];
      expect(counted).toBeLessThan(answer.counts.clauses);
      await facet.click();
      await expect(page.getByRole("list", { name: "Filters in force" })).toContainText("Low severity");
      expectHome(page);
      expect((await readCounts(page)).clauses).toBe(counted);
      await page.getByRole("list", { name: "Filters in force" }).getByRole("button", { name: /Low severity/ }).click();
      await expectCounts(page, answer.counts);
      const next = others(page).getByRole("button", { name: "Next page" });
      if (answer.next_cursor) {
        await next.click();
        await expect(cards(page).first()).toContainText("11");
        expectHome(page);
      }
    });

    test("a document is divided, and a clause of it opened and left again", async ({ page }) => {
      await paste(page, DOCUMENT, AS_DOCUMENT);
      expectHome(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your document");
      const clauses = page.getByRole("main").getByRole("article");
      await expect(clauses).toHaveCount(5);
      const second = clauses.nth(1);
      await expect(second).toContainText("Limitation of liability");
      await expect(clauses.nth(4)).toContainText("Nothing comparable");
      const open = second.getByRole("button", { name: /comparable clauses? on/ });
      const [promised] = numbersIn(await open.innerText());
      await open.click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your text");
      await expect(page.getByRole("main").locator("blockquote").first()).toContainText("total liability to you");
      expect((await readCounts(page)).clauses).toBe(promised);
      expectHome(page);
      await page.getByRole("button", { name: "Back to your document" }).click();
      await expect(clauses).toHaveCount(5);
      expectHome(page);
    });

    test("a long sentence in the box for words is no query", async ({ page }) => {
      await page.goto("/");
      await page.locator("#q").fill(SENTENCE);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your text");
      expectHome(page);
      await expectCounts(page, (await compare(SENTENCE)).counts);
    });

    test("words typed beside a text that was compared are searched", async ({ page }) => {
      await paste(page, CLAUSE, AS_CLAUSE);
      await page.locator("#q").fill("arbitration");
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(`${SERVER}/?q=arbitration`);
      await expect(page.getByRole("heading", { level: 1 })).toContainText("arbitration");
    });
  });
}

test("what has several lines, or is long, goes from the box for words to the box for texts", async ({ page, context, watch }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SERVER });
  await page.goto("/");
  const input = page.getByRole("combobox");
  const area = page.getByRole("search").getByRole("textbox", { name: /document/ });
  for (const text of [DOCUMENT, CLAUSE, `${WORD}\nis short`]) {
    await page.reload();
    await page.evaluate((words) => navigator.clipboard.writeText(words), text);
    await expect(area).toBeHidden();
    await input.focus();
    await page.keyboard.press("ControlOrMeta+V");
    await expect(area).toBeFocused();
    await expect(area).toHaveValue(text.trim());
    await expect(input).toHaveValue("");
    await expect(page.getByRole("search").getByText(/went to the box for texts/)).toBeVisible();
  }
  await page.evaluate(() => navigator.clipboard.writeText("arbitration"));
  await page.reload();
  await input.focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(input).toHaveValue("arbitration");
  await expect(area).toBeHidden();
  expect(watch.addresses.filter((address) => address.includes("/v1/suggest") && !address.includes("q=arbitration"))).toEqual([]);
});

test("back and forward show a pasted text again without asking", async ({ page }) => {
  await paste(page, CLAUSE, AS_CLAUSE);
  const counts = await readCounts(page);
  await cards(page).first().getByRole("heading").getByRole("link").click();
  await expect(page).toHaveURL(/\/clauses\//);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your text");
  expect(await readCounts(page)).toEqual(counts);
  await page.goBack();
  expectHome(page);
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Your text");
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your text");
});

test("an empty box says what to do", async ({ page, watch }) => {
  watch.expect(/400/);
  await page.goto("/");
  await openBox(page);
  await page.getByRole("button", { name: AS_CLAUSE }).click();
  await expect(page.getByRole("main")).toContainText(/paste a clause/i);
});

test("a text of which nothing is comparable gets no cards", async ({ page }) => {
  await paste(page, `The ${WORD} choir brings gooseberry tart on the second Tuesday after the harvest moon.`, AS_CLAUSE);
  await expect(cards(page)).toHaveCount(0);
  await expect(others(page).locator(".nothing")).toBeVisible();
});
