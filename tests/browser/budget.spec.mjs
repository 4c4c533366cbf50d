// What a page may weigh, and how soon it can be used.
import { expect, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";
import { listPages, visit } from "./pages.mjs";

// Bytes of a page with its styles and scripts, as they go over the wire.
const MOST_BYTES = 100_000;
const MOST_MILLISECONDS = 100;
const LOADS = 5;

for (const entry of listPages(IDS)) {
  test(`${entry.name} is light`, async ({ page, watch }) => {
    if (entry.status) watch.expect(/404/);
    const sizes = new Map();
    const reading = [];
    page.on("requestfinished", (request) => {
      if (["image", "fetch"].includes(request.resourceType())) return;
      reading.push(request.sizes().then(({ responseBodySize, responseHeadersSize }) =>
        sizes.set(request.url(), { bytes: responseBodySize + responseHeadersSize, type: request.resourceType() })));
    });
    await visit(page, entry);
    await page.waitForLoadState("networkidle");
    await Promise.all(reading);
    if (entry.pasted) sizes.delete(`${SERVER}/`);
    const counted = [...sizes.values()].filter(({ type }) => ["document", "stylesheet", "script"].includes(type));
    const bytes = counted.reduce((sum, one) => sum + one.bytes, 0);
    console.log(`${entry.name}: ${bytes} bytes`);
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
}

test.describe("soon", () => {
  // Two browsers at once on two cores would measure each other.
  test.describe.configure({ mode: "serial" });

  for (const { name, path } of listPages(IDS).filter(({ path, status }) => path && !status)) {
    test(`${name} can be used soon after the answer`, async ({ page }) => {
      const times = [];
      for (let load = 0; load < LOADS; load += 1) {
        await page.goto(path);
        times.push(await page.evaluate(() => {
          const [navigation] = performance.getEntriesByType("navigation");
          return navigation.domContentLoadedEventEnd - navigation.responseEnd;
        }));
      }
      const median = times.sort((one, two) => one - two)[Math.floor(LOADS / 2)];
      console.log(`${name}: ${median.toFixed(0)} ms`);
      expect(median, times.join(", ")).toBeLessThan(MOST_MILLISECONDS);
    });
  }
});
