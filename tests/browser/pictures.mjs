// Pictures of pages: `screenshots` starts this.
//   node pictures.mjs DIRECTORY [--only NAME,…] [--height PIXELS] [--clause ID] [--other ID] [--document ID]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { launch, NARROW, THEMES, WIDE } from "./browser.mjs";
import { findIds } from "./find.mjs";
import { listPages, visit } from "./pages.mjs";

// What is below is not in the picture, in pixels, unless --height says another.
const HIGHEST = 6_000;

const option = { type: "string" };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: option, height: option, clause: option, other: option, document: option },
});
const [directory] = positionals;
const server = new URL(process.env.CROSSCLAUSE_URL).origin;
const only = values.only?.split(",");
const highest = Number(values.height ?? HIGHEST);

const ids = await findIds(server, values);
const pages = listPages(ids).filter(({ name }) => !only || only.includes(name));
const browser = await chromium.launch(launch);
try {
  for (const colorScheme of THEMES) {
    for (const [width, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      const context = await browser.newContext({ baseURL: server, colorScheme, viewport, reducedMotion: "reduce" });
      for (const entry of pages) {
        const page = await context.newPage();
        await visit(page, entry);
        const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
        // Frames are only painted where they are in view.
        await page.setViewportSize({ width: viewport.width, height: Math.min(Math.max(height, viewport.height), highest) });
        await page.waitForLoadState("networkidle");
        const path = join(directory, `${entry.name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path });
        console.log(path);
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
