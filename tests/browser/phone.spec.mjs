// On a phone: from a question to a citation by touch, at 360 pixels.
import { NARROW } from "./browser.mjs";
import { expect, expectNoSideways, numbersIn, read, readCounts, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: NARROW, hasTouch: true, isMobile: true, permissions: ["clipboard-read", "clipboard-write"] });

    test("one searches, filters, opens, compares and cites", async ({ page }) => {
      await page.goto("/");
      await page.getByRole("combobox").tap();
      await page.keyboard.type("retention");
      const list = page.getByRole("listbox");
      await expect(list).toBeVisible();
      await expectNoSideways(page);
      await page.getByRole("button", { name: "Search", exact: true }).tap();
      await expect(page).toHaveURL(`${SERVER}/?q=retention`);
      // Results are not pushed down by filters: these are folded.
      const filters = page.getByRole("navigation", { name: "Filters" });
      await expect(filters).toBeHidden();
      await expect(page.getByRole("article").first()).toBeInViewport();
      await page.locator("main summary", { hasText: /^Filters$/ }).tap();
      const facet = filters.getByRole("link", { name: /Low severity/ });
      const [counted] = numbersIn(await facet.locator(".count").innerText());
      await facet.tap();
      await expect(page).toHaveURL(/severity=low/);
      expect((await readCounts(page)).clauses).toBe(counted);
      await expect(page.getByRole("list", { name: "Filters in force" })).toContainText("Low severity");
      await expectNoSideways(page);
      await page.goto(`/clauses/${IDS.clause}`);
      await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: /other platforms/ }).tap();
      await expect(page.getByRole("heading", { name: "How other platforms handle this" })).toBeInViewport();
      await page.getByRole("link", { name: /^Side by side/ }).first().tap();
      await expect(page).toHaveURL(/\/compare\?/);
      await expectNoSideways(page);
      await page.goBack();
      await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Cite" }).tap();
      await page.getByRole("button", { name: "Copy citation" }).tap();
      const { citation } = await read(`/v1/clauses/${IDS.clause}`);
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(citation.text);
    });
  });
}
