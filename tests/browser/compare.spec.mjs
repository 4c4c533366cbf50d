// Two clauses or two wordings, side by side.
import { expect, expectNoSideways, read, SERVER, test } from "./fixture.mjs";
import { NARROW } from "./browser.mjs";
import { IDS } from "./ids.mjs";

const sides = (page) => page.getByRole("region", { name: "Word by word" }).getByRole("article");

test("a card is opened side by side, and turned round", async ({ page }) => {
  await page.goto(`/clauses/${IDS.clause}`);
  const { cards } = await read(`/v1/clauses/${IDS.clause}/comparables?fold=wording`);
  const [{ clause, platform }] = cards;
  await page.getByRole("link", { name: `Side by side with ${platform.name}` }).first().click();
  await expect(page).toHaveURL(`${SERVER}/compare?a=${IDS.clause}&b=${clause.id}`);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText("Lumenask");
  await expect(heading).toContainText(platform.name);
  await expect(sides(page)).toHaveCount(2);
  // Each side is its clause verbatim, but for the words that say what a mark means.
  for (const [place, id] of [IDS.clause, clause.id].entries()) {
    const text = await sides(page).nth(place).locator("blockquote").evaluate((quote) => {
      const copy = quote.cloneNode(true);
      for (const told of copy.querySelectorAll(".hidden")) told.remove();
      return copy.textContent;
    });
    expect(text).toBe((await read(`/v1/clauses/${id}`)).text);
  }
  await page.getByRole("link", { name: "The other way round" }).click();
  await expect(page).toHaveURL(`${SERVER}/compare?a=${clause.id}&b=${IDS.clause}`);
  await expect(sides(page).first()).toContainText(platform.name);
  await page.goBack();
  await expect(sides(page).first()).toContainText("Lumenask");
});

test("words are marked as the API says, by more than colour", async ({ page }) => {
  const [a, b] = [`${IDS.changed}@1`, `${IDS.changed}@2`];
  await page.goto(`/compare?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`);
  const diff = await read(`/v1/diff?from=${encodeURIComponent(a)}&to=${encodeURIComponent(b)}`);
  const of = (op) => diff.parts.filter((part) => part.op === op).map(({ text }) => text.trim());
  const shown = async (selector) =>
    (await sides(page).locator(`blockquote ${selector}`).evaluateAll((marks) =>
      marks.map((mark) => [...mark.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim())));
  expect(await shown("del")).toEqual(of("delete"));
  expect(await shown("ins")).toEqual(of("insert"));
  expect(of("delete").length).toBeGreaterThan(0);
  // Lines of two kinds, and words for who does not see.
  const line = (selector) => sides(page).locator(`blockquote ${selector}`).first().evaluate((mark) => {
    const { textDecorationLine, textDecorationStyle } = getComputedStyle(mark);
    return `${textDecorationLine} ${textDecorationStyle}`;
  });
  const [removed, added] = [await line("del"), await line("ins")];
  expect(removed).toMatch(/underline|line-through/);
  expect(added).toMatch(/underline|line-through/);
  expect(removed).not.toBe(added);
  await expect(sides(page).first().locator("del").first()).toContainText("only in A");
  await expect(sides(page).nth(1).locator("ins").first()).toContainText("only in B");
});

test("what one grants and the other does not is told with its words", async ({ page }) => {
  const [a, b] = ["heartwick.tos.no-training", "lumenask.privacy.retention"];
  await page.goto(`/compare?a=${a}&b=${b}`);
  const says = page.getByRole("region", { name: "What each says" });
  await expect(says.getByRole("heading", { name: /^Only A: Heartwick/ })).toBeVisible();
  await expect(says.getByRole("heading", { name: "Both" })).toBeVisible();
  await expect(says.getByRole("heading", { name: /^Only B: Lumenask/ })).toBeVisible();
  await expect(says).toContainText("read both texts");
  const text = (await read(`/v1/clauses/${a}`)).text + (await read(`/v1/clauses/${b}`)).text;
  const quotes = await says.locator("q").allTextContents();
  expect(quotes.length).toBeGreaterThan(0);
  for (const quote of quotes) expect(text).toContain(quote.replace(/…/g, "").trim());
});

test("two ids are asked for where they are missing, and told of where they are wrong", async ({ page, watch }) => {
  await page.goto("/compare");
  await page.getByRole("textbox", { name: "Clause A" }).fill(IDS.clause);
  await page.getByRole("textbox", { name: "Clause B" }).fill(`${IDS.changed}@1`);
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page).toHaveURL(/\/compare\?a=.*&b=.*/);
  await expect(sides(page)).toHaveCount(2);
  watch.expect(/404/);
  const answer = await page.goto(`/compare?a=${IDS.clause}&b=nobody.has.this`);
  expect(answer.status()).toBe(404);
  await expect(page.getByRole("main")).toContainText("nobody.has.this");
});

test("on a phone one side follows the other", async ({ page }) => {
  await page.setViewportSize(NARROW);
  await page.goto(`/compare?a=${IDS.clause}&b=${IDS.other}`);
  await expectNoSideways(page);
  const [one, other] = await Promise.all([0, 1].map((place) => sides(page).nth(place).boundingBox()));
  expect(other.y).toBeGreaterThanOrEqual(one.y + one.height);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("two clauses are compared as with them", async ({ page }) => {
    await page.goto("/compare");
    await page.getByRole("textbox", { name: "Clause A" }).fill(`${IDS.changed}@1`);
    await page.getByRole("textbox", { name: "Clause B" }).fill(`${IDS.changed}@2`);
    await page.getByRole("button", { name: "Compare" }).click();
    await expect(page.getByRole("insertion").filter({ hasText: "without" })).toBeVisible();
  });
});
