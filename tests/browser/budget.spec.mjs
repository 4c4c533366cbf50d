// What a page may weigh.
import { expect, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";
import { listPages, visit } from "./pages.mjs";

// Bytes of a page with its styles and scripts, as they go over the wire.
const MOST_BYTES = 100_000;

for (const entry of listPages(IDS)) {
  test(`the page ${entry.name} is light`, async ({ page, watch }) => {
    if (entry.status) watch.expect(/404/);
    const sizes = new Map();
    const reading = [];
    page.on("requestfinished", (request) => {
      if (!["document", "stylesheet", "script"].includes(request.resourceType()) || request.frame() !== page.mainFrame()) return;
      const name = `${request.method()} ${request.url()}`;
      reading.push(request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
        // What comes from the browser's own cache weighs as much as it did when it came over the wire.
        sizes.set(name, Math.max(sizes.get(name) ?? 0, responseBodySize + responseHeadersSize));
      }));
    });
    await visit(page, entry);
    await page.waitForLoadState("load");
    await Promise.all(reading);
    // One pastes on the start page, which is no part of the answer.
    if (entry.pasted) sizes.delete(`GET ${SERVER}/`);
    const bytes = [...sizes.values()].reduce((sum, one) => sum + one, 0);
    console.log(`${entry.name}: ${bytes} bytes`);
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
}
