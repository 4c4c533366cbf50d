// That everybody can use every page: axe-core, both themes, wide and narrow, nothing cut off at the side.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { NARROW, THEMES, WIDE } from "./browser.mjs";
import { expect, expectNoSideways, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";
import { listPages, visit } from "./pages.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

// Pages that are others with filters, or without what was asked for.
const SAME_TITLE = ["search-platforms", "clause-filtered", "builder-empty", "not-found"];

// Rules that axe-core finds broken, each with the elements, as one reads them.
async function findFaults(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    // Frames are pages of their own, and looked at as such.
    (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, iframes: false, resultTypes: ["violations"] }),
    TAGS,
  );
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(";")}`));
}

// Whether the page is darker than what is written on it.
function isDark(page) {
  return page.evaluate(() => {
    const sum = (color) => color.match(/[\d.]+/g).slice(0, 3).reduce((all, one) => all + Number(one), 0);
    const { backgroundColor, color } = getComputedStyle(document.body);
    return sum(backgroundColor) < sum(color);
  });
}

// One heading of the first level, and levels without a gap.
async function expectHeadings(page) {
  const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((heads) => heads.map((head) => Number(head.tagName[1])));
  expect.soft(levels.filter((level) => level === 1), "headings of the first level").toHaveLength(1);
  levels.forEach((level, place) => {
    expect.soft(level, `heading ${place + 1} of ${levels}`).toBeLessThanOrEqual((levels[place - 1] ?? 0) + 1);
  });
}

async function expectLandmarks(page) {
  for (const role of ["banner", "main", "contentinfo", "search"]) await expect.soft(page.getByRole(role), role).toBeVisible();
  await expect.soft(page.getByRole("contentinfo")).toContainText("legal advice");
}

// What a reader's own style sheet may ask for (WCAG 1.4.4 and 1.4.12) cuts nothing off.
async function expectRoomForText(page) {
  await page.setViewportSize(WIDE);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 200% } * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }");
    document.adoptedStyleSheets = [sheet];
  });
  await expectNoSideways(page);
}

test.describe("no barrier", () => {
  for (const entry of listPages(IDS)) {
    test(`on the page ${entry.name}`, async ({ page, watch }) => {
      test.slow(["docs", "overview"].includes(entry.name), "it is long");
      if (entry.status) watch.expect(/404/);
      await visit(page, entry);
      if (!entry.isFrame) {
        await expectLandmarks(page);
        await expectHeadings(page);
      }
      for (const viewport of [WIDE, NARROW]) {
        await page.setViewportSize(viewport);
        await expectNoSideways(page);
        for (const colorScheme of THEMES) {
          await page.emulateMedia({ colorScheme });
          if (!entry.isFrame) expect.soft(await isDark(page), `${colorScheme} paper`).toBe(colorScheme === "dark");
          expect.soft(await findFaults(page), `${viewport.width} pixels, ${colorScheme}`).toEqual([]);
        }
      }
      if (!entry.isFrame) await expectRoomForText(page);
    });
  }
});

test.describe("no barrier in what scripts make", () => {
  for (const colorScheme of THEMES) {
    test(`suggestions, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto("/");
      await page.getByRole("combobox").pressSequentially("arb");
      await expect(page.getByRole("option").first()).toBeVisible();
      await page.keyboard.press("ArrowDown");
      expect(await findFaults(page)).toEqual([]);
    });

    test(`the web component, ${colorScheme}`, async ({ page, foreign }) => {
      await page.emulateMedia({ colorScheme });
      const component = `<crossclause-comparables clause-id="${IDS.clause}"></crossclause-comparables>`;
      await page.goto(foreign.show(`<script src="${SERVER}/embed.js" async></script>${component}`));
      await expect(page.getByRole("status")).toContainText("Comparable clauses on");
      expect(await findFaults(page)).toEqual([]);
    });
  }
});

test("who has many of them open tells them apart by their titles", async ({ page, watch }) => {
  watch.expect(/404/);
  const titles = new Map();
  for (const entry of listPages(IDS).filter(({ name, isFrame, pasted }) => !isFrame && !pasted && !SAME_TITLE.includes(name))) {
    await visit(page, entry);
    const title = await page.title();
    expect.soft(title, entry.name).toContain("Crossclause");
    expect.soft(titles.get(title), `${entry.name} has the title “${title}” too`).toBeUndefined();
    titles.set(title, entry.name);
  }
});
