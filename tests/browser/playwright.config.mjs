// How the tests run: Debian's Chromium, on two cores, and nothing tried again.
import { defineConfig } from "@playwright/test";
import { launch, WIDE } from "./browser.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
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
