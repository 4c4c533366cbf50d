// Clauses on other people's pages: in a frame, as a component, as a badge, and what the builder makes.
import { expect, numbersIn, read, SERVER, test } from "./fixture.mjs";
import { IDS } from "./ids.mjs";

const COMPARABLES = `/v1/clauses/${IDS.clause}/comparables`;
const builder = (query = "") => `/embed/builder?clause=${IDS.clause}${query}`;
const snippet = (page) => page.getByRole("main").locator("#snippet");

test("a frame shows a clause and its cards in a foreign page, and its links open beside it", async ({ page, foreign, context }) => {
  const { counts, cards } = await read(`${COMPARABLES}?limit=3`);
  await page.goto(foreign.show(`<iframe src="${SERVER}/embed/clauses/${IDS.clause}" title="Others" width="400" height="600" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`));
  const frame = page.frameLocator("iframe");
  await expect(frame.locator(".counts")).toContainText(`${counts.platforms} platforms`);
  await expect(frame.locator("ol article")).toHaveCount(3);
  await expect(frame.getByRole("link", { name: cards[0].clause.title })).toBeVisible();
  const [popup] = await Promise.all([context.waitForEvent("page"), frame.getByRole("link", { name: `All ${counts.cards} on Crossclause` }).click()]);
  await expect(popup).toHaveURL(`${SERVER}/clauses/${IDS.clause}`);
  await expect(popup.getByRole("heading", { name: "How other platforms handle this" })).toBeVisible();
  await expect(page).toHaveURL(`${foreign.origin}/`);
});

test("a component shows the same, keeps to a strict policy, and follows its attributes", async ({ page, foreign }) => {
  const { counts, cards } = await read(`${COMPARABLES}?limit=2`);
  const policy = `default-src 'none'; img-src data:; script-src ${SERVER}; connect-src ${SERVER}`;
  await page.goto(foreign.show(
    `<script src="${SERVER}/embed.js" async></script>
     <crossclause-comparables clause-id="${IDS.clause}" limit="2"><a href="${SERVER}/clauses/${IDS.clause}">Others</a></crossclause-comparables>`,
    { "content-security-policy": policy },
  ));
  const component = page.locator("crossclause-comparables");
  await expect(component.getByRole("status")).toHaveText(`Comparable clauses on ${counts.platforms} platforms, ${counts.clauses} clauses, of ${counts.platforms_tracked} platforms tracked`);
  await expect(component.getByRole("article")).toHaveCount(2);
  await expect(component.getByRole("article").first()).toContainText(cards[0].platform.name);
  // Its styles are its own, and the page's are not touched.
  expect(await component.getByRole("article").first().evaluate((card) => getComputedStyle(card.querySelector("blockquote")).borderLeftStyle)).toBe("solid");
  const filtered = await read(`${COMPARABLES}?limit=2&severity=low`);
  await component.evaluate((element) => element.setAttribute("severity", "low"));
  await expect(component.getByRole("status")).toContainText(`${filtered.counts.clauses} clauses`);
  await expect(component).toContainText("Asked for: severity low");
});

test("where scripts are off, what stands in the component is shown", async ({ browser, foreign }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(foreign.show(`<script src="${SERVER}/embed.js" async></script><crossclause-comparables clause-id="${IDS.clause}"><a href="${SERVER}/clauses/${IDS.clause}">Others</a></crossclause-comparables>`));
  await expect(page.getByRole("link", { name: "Others" })).toBeVisible();
  await context.close();
});

test("a badge is a picture with words", async ({ page, foreign }) => {
  const { counts } = await read(`${COMPARABLES}?limit=1`);
  await page.goto(builder("&kind=badge"));
  const code = await snippet(page).inputValue();
  await page.goto(foreign.show(code));
  const badge = page.getByRole("img", { name: `comparable clauses on ${counts.platforms} platforms` });
  await expect(badge).toBeVisible();
  expect(await badge.evaluate((image) => image.complete && image.naturalWidth)).toBeGreaterThan(50);
});

for (const kind of ["iframe", "component"]) {
  test(`the builder's snippet works on a foreign page: ${kind}`, async ({ page, foreign }) => {
    await page.goto(builder(`&kind=${kind}&limit=2&severity=low`));
    const code = await snippet(page).inputValue();
    const { counts } = await read(`${COMPARABLES}?limit=2&severity=low`);
    await page.goto(foreign.show(code));
    const shown = kind === "iframe" ? page.frameLocator("iframe").locator("main") : page.locator("crossclause-comparables");
    await expect(shown.locator(".counts")).toContainText(`${counts.clauses} clauses`);
    await expect(shown.locator("ol article")).toHaveCount(2);
  });
}

test("the builder shows what is chosen at once, and copies it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SERVER });
  await page.goto(builder());
  const preview = page.frameLocator("main iframe");
  await expect(preview.locator("ol article")).toHaveCount(3);
  await page.getByRole("checkbox", { name: "Low severity" }).check();
  await expect(snippet(page)).toHaveValue(/severity=low/);
  const { counts } = await read(`${COMPARABLES}?severity=low`);
  await expect(preview.locator(".counts")).toContainText(`${counts.clauses} clauses`);
  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(snippet(page)).toHaveValue(/theme=dark/);
  await expect(preview.locator("html")).toHaveClass(/dark/);
  await expect(page).toHaveURL(/theme=dark/);
  await page.getByRole("radio", { name: "Web component" }).check();
  await expect(snippet(page)).toHaveValue(/<crossclause-comparables/);
  await expect(page.getByRole("main").locator("crossclause-comparables").getByRole("status")).toContainText("Comparable clauses on");
  const button = page.getByRole("button", { name: /^Copy/ });
  await button.click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await snippet(page).inputValue());
  // What is chosen stays when one comes back.
  await page.reload();
  await expect(page.getByRole("radio", { name: "Web component" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Low severity" })).toBeChecked();
});

test("a clause's page leads to the builder, and to itself by oEmbed", async ({ page, request }) => {
  await page.goto(`/clauses/${IDS.clause}`);
  const link = page.locator('link[rel="alternate"][type="application/json+oembed"]');
  const answer = await (await request.get(await link.getAttribute("href"))).json();
  expect(answer.type).toBe("rich");
  expect(answer.html).toContain(`/embed/clauses/${IDS.clause}`);
  await page.getByRole("link", { name: "Show this on your own page" }).click();
  await expect(page).toHaveURL(new RegExp(`/embed/builder\\?clause=${IDS.clause}`));
  await expect(page.getByRole("textbox", { name: "Clause", exact: true })).toHaveValue(IDS.clause);
});

test("a clause that nobody has is told in the builder and in the frame", async ({ page, watch }) => {
  watch.expect(/404/);
  await page.goto("/embed/builder?clause=nobody.has.this");
  await expect(page.getByRole("alert")).toContainText("nobody.has.this");
  await page.goto("/embed/clauses/nobody.has.this");
  await expect(page.getByRole("main")).toContainText("nobody.has.this");
});

test("an id is typed into the builder without a word of complaint before it is complete", async ({ page }) => {
  await page.goto(builder());
  const input = page.getByRole("textbox", { name: "Clause", exact: true });
  await input.fill("");
  await input.pressSequentially("heartwick.tos.no-training", { delay: 30 });
  await page.waitForTimeout(400);
  await page.keyboard.press("Tab");
  await expect(snippet(page)).toHaveValue(/heartwick\.tos\.no-training/);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the builder is a form, and its preview a frame", async ({ page }) => {
    await page.goto(builder());
    await page.getByRole("checkbox", { name: "Low severity" }).check();
    await page.getByRole("button", { name: "Make the snippet" }).click();
    await expect(page).toHaveURL(/severity=low/);
    await expect(snippet(page)).toHaveValue(/severity=low/);
    const { counts } = await read(`${COMPARABLES}?severity=low`);
    const frame = page.frameLocator("main iframe");
    await expect(frame.locator(".counts")).toContainText(`${counts.clauses} clauses`);
    expect(numbersIn(await frame.locator(".counts").innerText())[0]).toBe(counts.platforms);
  });
});

for (const width of [280, 360, 640]) {
  test(`the frame fits into ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    await page.goto(`/embed/clauses/${IDS.hard}`);
    expect(await page.evaluate(() => document.scrollingElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
