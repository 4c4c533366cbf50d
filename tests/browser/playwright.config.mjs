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
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [["list", { printSteps: false }]],
  outputDir: "./results",
  use: {
    browserName: "chromium",
    baseURL: new URL(process.env.CROSSCLAUSE_URL).origin,
    viewport: WIDE,
    // Nothing is looked at while it moves.
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 5_000,
    navigationTimeout: 10_000,
    launchOptions: launch,
  },
});
