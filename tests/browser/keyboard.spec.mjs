// By keyboard alone: everything is reached, in order, and one sees where one is.
import { THEMES } from "./browser.mjs";
import { expect, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";
import { listPages, visit } from "./pages.mjs";

// More stops than any page has that is tried.
const MOST = 400;

// What has the focus: a name for messages, where it is, and whether one sees that it has it.
function look(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    // In a frame are stops of its own.
    if (element.localName === "iframe") return { isFrame: true };
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    window.stops ??= new Map();
    const isNew = !window.stops.has(element);
    window.stops.set(element, true);
    const middle = document.elementFromPoint(box.x + Math.min(box.width, innerWidth - box.x) / 2, box.y + box.height / 2);
    return {
      isNew,
      name: `${element.tagName.toLowerCase()} ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60) || element.id}`,
      isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
      isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0 && box.height > 0,
      // WCAG 2.4.11: not hidden behind something that stays in place.
      isCovered: Boolean(middle && !element.contains(middle) && !middle.contains(element) && !(element.labels && [...element.labels].some((label) => label.contains(middle)))),
    };
  });
}

// What one could click, and is shown.
function listTargets(page) {
  return page.evaluate(() => {
    const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    return [...all].filter((element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && !element.disabled).length;
  });
}

// One page of each kind: others have the same parts.
const PAGES = ["start", "search", "search-nothing", "clause-changed", "clause-filtered", "compare", "pasted-clause",
  "pasted-document", "clause-type", "platform", "document", "builder", "embed", "not-found"];

for (const entry of listPages(IDS).filter(({ name }) => PAGES.includes(name))) {
  test(`Tab reaches everything on the page ${entry.name}, and one sees where one is`, async ({ page, watch }) => {
    if (entry.status) watch.expect(/404/);
    await visit(page, entry);
    await page.evaluate(() => document.activeElement?.blur());
    const targets = await listTargets(page);
    const faults = [];
    let stops = 0;
    for (let pressed = 0; pressed < MOST; pressed += 1) {
      await page.keyboard.press("Tab");
      const stop = await look(page);
      if (stop?.isFrame) continue;
      // Past the last stop comes the browser, and then the first again.
      if (!stop?.isNew) break;
      stops += 1;
      if (!stop.isOutlined) faults.push(`${stop.name}: no outline`);
      if (!stop.isInView) faults.push(`${stop.name}: not in view`);
      if (stop.isCovered) faults.push(`${stop.name}: covered`);
    }
    expect(faults).toEqual([]);
    // Radio buttons of one name are one stop.
    const grouped = await page.evaluate(() => {
      const radios = [...document.querySelectorAll("input[type=radio]")];
      return radios.length - new Set(radios.map((radio) => radio.name)).size;
    });
    expect(stops, "stops").toBe(targets - grouped);
  });
}

for (const colorScheme of THEMES) {
  test(`where one is stands out from what is around it: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/");
    await page.keyboard.press("/");
    const [outline, around] = await page.evaluate(() => {
      const channels = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number);
      return [channels(getComputedStyle(document.activeElement).outlineColor), channels(getComputedStyle(document.body).backgroundColor)];
    });
    const luminance = (color) => {
      const [red, green, blue] = color.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [light, dark] = [luminance(outline), luminance(around)].sort((one, two) => two - one);
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(3);
  });
}

test("the first stop skips to the content", async ({ page }) => {
  for (const path of ["/", `/clauses/${IDS.clause}`, "/overview"]) {
    await page.goto(path);
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: /^Skip to/ });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.querySelector("main").contains(document.activeElement))).toBe(true);
  }
});

test("from a question to a comparison without a mouse", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("/");
  await page.keyboard.type("data retention");
  await expect(page.getByRole("listbox")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(({ searchParams }) => searchParams.get("q") === "data retention");
  const tabTo = async (target) => {
    for (let stops = 0; stops < MOST; stops += 1) {
      await page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error("Tab does not lead there");
  };
  await tabTo(page.getByRole("article").first().getByRole("link", { name: /How others handle this/ }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/clauses\//);
  await tabTo(page.getByRole("link", { name: /^Side by side/ }).first());
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`^${SERVER}/compare\\?a=`));
  await expect(page.getByRole("region", { name: "Word by word" })).toBeVisible();
});

test("a text is pasted and sent without a mouse", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("/");
  for (let stops = 0; stops < 4 && !(await page.locator("#paste > summary").evaluate((summary) => summary === document.activeElement)); stops += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("search").getByRole("textbox", { name: /document/ })).toBeFocused();
  await page.keyboard.insertText(IDS.text);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your text");
});
