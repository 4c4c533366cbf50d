// How the tests run: Debian's Chromium, on two cores, and nothing tried again.
import { defineConfig } from "@playwright/test";
import { launch, WIDE } from "./browser.mjs";

export default defineConfig({
  testDir: ".",
  projects: [
    { name: "pages", testMatch: "*.spec.mjs", testIgnore: "soon.spec.mjs" },
    // Times are taken when nothing else runs.
    { name: "times", testMatch: "soon.spec.mjs", dependencies: ["pages"], fullyParallel: false },
  ],
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Long, so that no test depends on what else the machine does.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list", { printSteps: false }]],
  outputDir: "./results",
  use: {
    browserName: "chromium",
    baseURL: new URL(process.env.CROSSCLAUSE_URL).origin,
    viewport: WIDE,
    // Nothing is looked at while it moves.
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    launchOptions: launch,
  },
});
